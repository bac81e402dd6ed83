using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Sclip.Hosting.Configuration;

namespace Sclip.Hosting.Health;

/// <summary>
/// The argument <c>health</c> of a service: asks the service that runs with the same settings on this machine whether it is ready. Containers
/// are checked by it, since their images hold no other program that could ask.
/// </summary>
public static class HealthCommand
{
    // A check of the store takes up to three seconds; a container's health check is given ten.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(8);

    /// <summary>Whether a command line is this command.</summary>
    public static bool IsMeant(string[] args) => args is ["health", ..];

    /// <summary>Asks, and writes what the service answers: JSON that names its parts.</summary>
    /// <param name="name">What the program is called in messages.</param>
    /// <param name="args">The command line; <c>--urls</c> may follow where it is not in the environment.</param>
    /// <returns>0 where the service is ready, else 1.</returns>
    public static Task<int> RunAsync(string name, string[] args)
    {
        var configuration = new ConfigurationBuilder().AddSclipEnvironment().AddCommandLine(args[1..]).Build();
        return RunAsync(name, configuration["urls"], Console.Out, Console.Error);
    }

    internal static async Task<int> RunAsync(string name, string? urls, TextWriter output, TextWriter error)
    {
        if (AddressIn(urls) is not { } address)
        {
            await error.WriteLineAsync($"{name}: urls (SCLIP_URLS) names no http address with a port at which the service could be asked: {(urls is { Length: > 0 } ? urls : "it is not set")}.");
            return 1;
        }
        using var client = new HttpClient { BaseAddress = address, Timeout = Timeout };
        try
        {
            using var answer = await client.GetAsync("/healthz/ready");
            await output.WriteLineAsync(await answer.Content.ReadAsStringAsync());
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (HttpRequestException failure)
        {
            await error.WriteLineAsync($"{name}: {address} does not answer: {failure.Message}");
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync($"{name}: {address} gave no answer within {Timeout.TotalSeconds:0} seconds.");
        }
        return 1;
    }

    /// <summary>The first plain address of those that a service listens at, as one can call it.</summary>
    internal static Uri? AddressIn(string? urls)
    {
        foreach (var url in (urls ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            if (TryParse(url) is { Scheme: "http", Port: > 0 } address)
                return new($"http://{Callable(address.Host)}:{address.Port}/");
        return null;
    }

    private static BindingAddress? TryParse(string url)
    {
        try
        {
            return BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    // What stands for all addresses of the machine is nothing that one could call.
    private static string Callable(string host) => host switch
    {
        "*" or "+" or "0.0.0.0" => "127.0.0.1",
        "[::]" => "[::1]",
        _ => host,
    };
}
