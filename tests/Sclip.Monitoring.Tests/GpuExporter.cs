using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Sclip.Monitoring.Tests;

/// <summary>A page as NVIDIA's DCGM exporter gives it for one GPU, and behind it what a worker that labels on that GPU adds to its own page.</summary>
internal static class GpuExporter
{
    private const string Labels = """{gpu="0",UUID="GPU-5f1e6e8d-7c5a-4c47-9d0a-0d1c2f3a4b5c",pci_bus_id="00000000:17:00.0",device="nvidia0",modelName="NVIDIA L4",Hostname="node-1"}""";

    private static readonly DateTimeOffset Start = DateTimeOffset.UtcNow;

    private static readonly string Card = $"""
        # HELP DCGM_FI_DEV_GPU_UTIL GPU utilization (in %).
        # TYPE DCGM_FI_DEV_GPU_UTIL gauge
        DCGM_FI_DEV_GPU_UTIL{Labels} 87
        # HELP DCGM_FI_DEV_POWER_USAGE Power draw (in W).
        # TYPE DCGM_FI_DEV_POWER_USAGE gauge
        DCGM_FI_DEV_POWER_USAGE{Labels} 61.375000

        """;

    public static async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls=http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        var exporter = builder.Build();
        exporter.MapGet("/metrics", () => Results.Text(Card + Worker((DateTimeOffset.UtcNow - Start).TotalSeconds), "text/plain"));
        await exporter.StartAsync();
        return exporter;
    }

    /// <summary>A forward pass a second.</summary>
    private static string Worker(double passes) => string.Create(CultureInfo.InvariantCulture, $$"""
        # TYPE hw_gpu_memory_usage_bytes gauge
        hw_gpu_memory_usage_bytes{hw_id="cuda:0"} 5368709120
        # TYPE sclip_device_batch_fill histogram
        sclip_device_batch_fill_bucket{hw_id="cuda:0",le="+Inf"} {{passes}}
        sclip_device_batch_fill_sum{hw_id="cuda:0"} {{passes}}
        sclip_device_batch_fill_count{hw_id="cuda:0"} {{passes}}
        # TYPE sclip_device_stage_duration_seconds histogram
        sclip_device_stage_duration_seconds_bucket{hw_id="cuda:0",sclip_stage="vision",le="+Inf"} {{passes}}
        sclip_device_stage_duration_seconds_sum{hw_id="cuda:0",sclip_stage="vision"} {{passes}}
        sclip_device_stage_duration_seconds_count{hw_id="cuda:0",sclip_stage="vision"} {{passes}}

        """);
}
