using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sclip.Hosting.Health;
using Sclip.Hosting.Telemetry;

namespace Sclip.Hosting.Tests;

/// <summary>A host as the program's own are, on a free port.</summary>
internal sealed class RunningHost : IAsyncDisposable
{
    private readonly WebApplication _application;

    private RunningHost(WebApplication application)
    {
        _application = application;
        Client = new() { BaseAddress = new(application.Urls.First()) };
    }

    /// <summary>The version that the program has.</summary>
    public static string Version { get; } = typeof(SclipTelemetry).Assembly.GetName().Version!.ToString(3);

    public HttpClient Client { get; }

    public Uri Address => Client.BaseAddress!;

    public static async Task<RunningHost> StartAsync(Dictionary<string, string?>? settings = null, Action<IServiceCollection>? register = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["urls"] = "http://127.0.0.1:0" });
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        builder.Services.AddSclipTelemetry(builder.Configuration, "sclip-test");
        register?.Invoke(builder.Services);
        var application = builder.Build();
        application.MapSclipDefaults();
        application.MapGet("/pictures/{name}", (string name) => name);
        application.MapGet("/fails", string () => throw new InvalidDataException("broken"));
        await application.StartAsync();
        return new(application);
    }

    public IServiceProvider Services => _application.Services;

    public ILogger Logger => _application.Logger;

    public Task<string> ScrapeAsync() => Client.GetStringAsync("/metrics");

    public Task StopAsync() => _application.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _application.DisposeAsync();
    }
}
