using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sclip.Contracts;
using Sclip.Dashboard;
using Sclip.Labels;

namespace Sclip.Workbench.Http;

/// <summary>What both hosts of the workbench have in common.</summary>
internal static class WorkbenchServices
{
    /// <summary>Bytes that a request may have.</summary>
    public const long LargestRequest = 4L << 20;

    public static IServiceCollection AddWorkbench(this IServiceCollection services)
    {
        services.AddProblemDetails().AddExceptionHandler<WorkbenchProblems>();
        // Label maps are a fiftieth as large, and leave a cluster.
        services.AddResponseCompression(options => options.MimeTypes = ["application/octet-stream", "application/json"]);
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        return services.ConfigureHttpJsonOptions(options =>
        {
            Json.Configure(options.SerializerOptions);
            options.SerializerOptions.Converters.Add(new LabelsJson());
        });
    }

    public static void MapWorkbench(this WebApplication app)
    {
        app.UsePageHeaders().UseExceptionHandler().UseStatusCodePages(WorkbenchProblems.WriteStatusAsync);
        app.UseResponseCompression();
        app.Use((context, next) => CallerChecks.IsForged(context.Request)
            ? WorkbenchProblems.WriteAsync(context, StatusCodes.Status403Forbidden, "A page of another site sent this request; only the workbench itself may.")
            : next(context));
        var routes = app.MapGroup("/workbench");
        routes.MapSessions();
        routes.MapLabelling();
        routes.MapJudging();
        routes.MapSaving();
        // An editor of classes asks for them to be read as everywhere else.
        app.MapLabels();
    }
}
