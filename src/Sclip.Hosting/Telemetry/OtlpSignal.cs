using Microsoft.Extensions.Configuration;
using OpenTelemetry.Exporter;
using Sclip.Hosting.Configuration;

namespace Sclip.Hosting.Telemetry;

/// <summary>
/// One of traces, metrics and logs, as the OTEL_ variables want it sent. The SDK reads those for all signals; the ones for one signal
/// (OTEL_EXPORTER_OTLP_TRACES_…, which win over them) and OTEL_…_EXPORTER are read here.
/// </summary>
/// <param name="signal">TRACES, METRICS or LOGS.</param>
/// <param name="configuration">Where the variables are; an environment is part of it.</param>
internal sealed class OtlpSignal(string signal, IConfiguration configuration)
{
    private const string GeneralEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string GeneralProtocol = "OTEL_EXPORTER_OTLP_PROTOCOL";

    /// <summary>Whether the signal has somewhere to go: an endpoint is set and its exporter is not <c>none</c>.</summary>
    public bool IsExported =>
        (Own("ENDPOINT") ?? Value(configuration, GeneralEndpoint)) is not null
        && (Value(configuration, $"OTEL_{signal}_EXPORTER") ?? "otlp").Split(',').Contains("otlp", StringComparer.OrdinalIgnoreCase);

    /// <summary>Looks at the settings before anything is built with them.</summary>
    /// <exception cref="ConfigurationException">A variable has a value that cannot be meant.</exception>
    public void Validate()
    {
        if (!IsExported)
            return;
        // The SDK would take its defaults instead, and nobody would know why nothing arrives.
        if (Value(configuration, GeneralEndpoint) is { } endpoint)
            Address(GeneralEndpoint, endpoint);
        if (Value(configuration, GeneralProtocol) is { } protocol)
            Protocol(GeneralProtocol, protocol);
        Apply(new());
    }

    /// <summary>Gives an exporter's options the signal's own settings.</summary>
    /// <exception cref="ConfigurationException">A variable has a value that cannot be meant.</exception>
    public void Apply(OtlpExporterOptions options)
    {
        if (Own("PROTOCOL") is { } protocol)
            options.Protocol = Protocol(Variable("PROTOCOL"), protocol);
        if (Own("ENDPOINT") is { } endpoint)
            options.Endpoint = Address(Variable("ENDPOINT"), endpoint);
        if (Own("HEADERS") is { } headers)
            options.Headers = headers;
        if (Own("TIMEOUT") is { } timeout)
            options.TimeoutMilliseconds = int.TryParse(timeout, out var milliseconds) && milliseconds > 0
                ? milliseconds
                : throw Bad(Variable("TIMEOUT"), timeout, "a number of milliseconds");
        if (Own("COMPRESSION") is { } compression)
            options.Compression = compression switch
            {
                "gzip" => OtlpExportCompression.GZip,
                "none" => OtlpExportCompression.None,
                _ => throw Bad(Variable("COMPRESSION"), compression, "gzip or none"),
            };
    }

    private string Variable(string setting) => $"OTEL_EXPORTER_OTLP_{signal}_{setting}";

    private string? Own(string setting) => Value(configuration, Variable(setting));

    private static Uri Address(string variable, string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw Bad(variable, value, "a URL that begins with http:// or https://");

    private static OtlpExportProtocol Protocol(string variable, string value) => value switch
    {
        "grpc" => OtlpExportProtocol.Grpc,
        "http/protobuf" => OtlpExportProtocol.HttpProtobuf,
        _ => throw Bad(variable, value, "grpc or http/protobuf"),
    };

    private static ConfigurationException Bad(string variable, string value, string wanted) => new($"{variable} is '{value}'; it must be {wanted}.");

    // The convention of these variables: empty is as good as not set.
    private static string? Value(IConfiguration configuration, string name) =>
        configuration[name]?.Trim() is { Length: > 0 } value ? value : null;
}
