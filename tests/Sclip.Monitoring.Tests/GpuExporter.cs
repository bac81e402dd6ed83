using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Sclip.Monitoring.Tests;

/// <summary>A page as NVIDIA's DCGM exporter gives it for one GPU.</summary>
internal static class GpuExporter
{
    private const string Labels = """{gpu="0",UUID="GPU-5f1e6e8d-7c5a-4c47-9d0a-0d1c2f3a4b5c",pci_bus_id="00000000:17:00.0",device="nvidia0",modelName="NVIDIA L4",Hostname="node-1"}""";

    private static readonly string Page = $"""
        # HELP DCGM_FI_DEV_GPU_UTIL GPU utilization (in %).
        # TYPE DCGM_FI_DEV_GPU_UTIL gauge
        DCGM_FI_DEV_GPU_UTIL{Labels} 87
        # HELP DCGM_FI_DEV_FB_USED Framebuffer memory used (in MiB).
        # TYPE DCGM_FI_DEV_FB_USED gauge
        DCGM_FI_DEV_FB_USED{Labels} 5120
        # HELP DCGM_FI_DEV_POWER_USAGE Power draw (in W).
        # TYPE DCGM_FI_DEV_POWER_USAGE gauge
        DCGM_FI_DEV_POWER_USAGE{Labels} 61.375000

        """;

    public static async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls=http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        var exporter = builder.Build();
        exporter.MapGet("/metrics", () => Results.Text(Page, "text/plain"));
        await exporter.StartAsync();
        return exporter;
    }
}
