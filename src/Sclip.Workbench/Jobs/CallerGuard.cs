using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Sclip.Dashboard;
using Sclip.Hosting.Configuration;
using Sclip.Workbench.Http;

namespace Sclip.Workbench.Jobs;

/// <summary>Lets only the dispatcher in, by its key; without a key, only callers on this machine.</summary>
internal sealed class CallerGuard(WorkbenchOptions options)
{
    private readonly ServiceKey? _key = options.ApiKey is { } key ? new ServiceKey(key) : null;

    /// <summary>Refuses to start where the world could call and no key is set.</summary>
    /// <exception cref="ConfigurationException">An address is beyond loopback, and there is no key; or it is none.</exception>
    public void Check(IConfiguration configuration)
    {
        ListenAddresses.Check(configuration);
        if (_key is null && ListenAddresses.Of(configuration).FirstOrDefault(address => !CallerChecks.IsLoopbackAddress(address)) is { } open)
            throw new ConfigurationException($"{SclipOptions.Shown(WorkbenchOptions.Section, nameof(WorkbenchOptions.ApiKey))} is needed, since the service listens on {open}, beyond this machine.");
    }

    /// <summary>Lets a request go on that may.</summary>
    public Task GuardAsync(HttpContext context, RequestDelegate next) => context.GetEndpoint()?.Metadata.GetMetadata<NeedsNoKey>() is not null || Admits(context)
        ? next(context)
        : WorkbenchProblems.WriteAsync(context, StatusCodes.Status401Unauthorized, $"The header {ServiceKey.Header} is missing or wrong.");

    private bool Admits(HttpContext context) => _key is not null
        ? _key.IsIn(context.Request)
        : (context.Connection.LocalIpAddress is not { } address || IPAddress.IsLoopback(address)) && CallerChecks.IsLoopbackHost(context.Request.Host.Host);
}
