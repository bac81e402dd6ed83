using Microsoft.AspNetCore.Builder;

namespace Sclip.Workbench;

/// <summary>The workbench as a service.</summary>
public static class WorkbenchHost
{
    /// <summary>Builds the service.</summary>
    /// <param name="args">Command line.</param>
    public static WebApplication Build(string[] args) => WebApplication.CreateSlimBuilder(args).Build();
}
