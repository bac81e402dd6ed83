using System.CommandLine;
using Sclip.Contracts.Jobs;

namespace Sclip.Cli.Jobs;

/// <summary><c>--dispatcher</c>: a dispatcher does it in place of this program, which then needs neither store nor broker.</summary>
internal static class DispatcherOption
{
    public static Option<string?> Create() => new("--dispatcher")
    {
        Description = $"Address of a dispatcher that is asked in place of the store, such as http://127.0.0.1:8080 (default: SCLIP_DISPATCHER_URL); its key is that of {DispatchedJobs.KeyVariable}.",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("SCLIP_DISPATCHER_URL") is { Length: > 0 } address ? address : null,
    };

    /// <summary>The jobs of a dispatcher, by its address and the key in the environment.</summary>
    /// <exception cref="UserException">It is no address, or the key cannot be sent.</exception>
    public static DispatchedJobs Open(string dispatcher) => new(AddressOf(dispatcher), Environment.GetEnvironmentVariable(DispatchedJobs.KeyVariable) is { Length: > 0 } key ? key : null);

    private static Uri AddressOf(string dispatcher) => Uri.TryCreate(dispatcher.TrimEnd('/') + "/", UriKind.Absolute, out var address) && (address.Scheme is "http" or "https")
        ? address
        : throw new UserException($"--dispatcher must be an address such as http://127.0.0.1:8080; it is '{JobNames.Shown(dispatcher)}'.");
}
