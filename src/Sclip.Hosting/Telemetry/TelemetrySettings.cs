using Microsoft.Extensions.Configuration;
using OpenTelemetry.Resources;

namespace Sclip.Hosting.Telemetry;

/// <summary>What one process says about itself, and where to.</summary>
/// <param name="Configuration">Where the OTEL_ variables are.</param>
/// <param name="ServiceName">The name for want of OTEL_SERVICE_NAME.</param>
internal sealed record TelemetrySettings(IConfiguration Configuration, string ServiceName)
{
    private readonly string _instance = Guid.NewGuid().ToString();

    /// <summary>OTEL_SDK_DISABLED: nothing is collected at all.</summary>
    public bool IsDisabled => string.Equals(Configuration["OTEL_SDK_DISABLED"]?.Trim(), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Where traces go.</summary>
    public OtlpSignal Traces { get; } = new("TRACES", Configuration);

    /// <summary>Where metrics go, besides to those who ask for them.</summary>
    public OtlpSignal Metrics { get; } = new("METRICS", Configuration);

    /// <summary>Where logs go, besides to the console.</summary>
    public OtlpSignal Logs { get; } = new("LOGS", Configuration);

    /// <summary>Names the process; what OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say comes last and wins.</summary>
    public void Describe(ResourceBuilder resource) => resource
        .AddService(ServiceName, serviceVersion: SclipTelemetry.Version, autoGenerateServiceInstanceId: false, serviceInstanceId: _instance)
        .AddEnvironmentVariableDetector();
}
