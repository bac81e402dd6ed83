using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sclip.Contracts;
using Sclip.Dashboard;
using Sclip.Dispatcher.Board;
using Sclip.Dispatcher.Control;
using Sclip.Dispatcher.Downloads;
using Sclip.Dispatcher.Gallery;
using Sclip.Dispatcher.Http;
using Sclip.Dispatcher.Places;
using Sclip.Dispatcher.Planning;
using Sclip.Dispatcher.Review;
using Sclip.Hosting;
using Sclip.Hosting.Configuration;
using Sclip.Hosting.Health;
using Sclip.Hosting.Messaging;
using Sclip.Hosting.Stores;
using Sclip.Imaging;
using Sclip.Labels;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher;

/// <summary>The dispatcher as a service: jobs over HTTP, planned in the background.</summary>
public static class DispatcherHost
{
    private const string DefaultAddress = "http://127.0.0.1:8080";

    // Nothing that it does must be finished: plans go on from the blobs. A broker that does not answer is not waited for.
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(1);

    /// <summary>Builds the service.</summary>
    /// <param name="args">Command line: <c>--urls</c>, and any configuration key.</param>
    /// <exception cref="ConfigurationException">The configuration is missing something or wrong.</exception>
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.AddSclipDefaults("sclip-dispatcher", DefaultAddress, args);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = Problems.LargestRequest);
        var services = builder.Services;
        services.AddSclipOptions<DispatcherOptions>(builder.Configuration, DispatcherOptions.Section);
        services.AddSclipStore(builder.Configuration).AddSclipBus(builder.Configuration, BoardServices.AddConsumers, BoardServices.ConfigureEndpoint).AddJobControl().AddStopGrace(StopGrace);
        services.AddSingleton<ApiKey>().AddSingleton<WorkbenchProxy>().AddSingleton<PlanningService>().AddHostedService(provider => provider.GetRequiredService<PlanningService>());
        services.AddBoard().AddSingleton<JobGallery>().AddSingleton<Thumbnails>().AddSingleton(new WatchedDecoder { Time = Thumbnails.Time }).AddHostedService<PreviewCleaning>();
        services.AddSingleton<JobReviews>().AddSingleton<JobCorrections>().AddSingleton<ReviewedImages>().AddSingleton<ReviewTallies>().AddSingleton<CorrectionStore>();
        services.AddSingleton<PlaceListing>().AddSingleton<PictureUpload>().AddSingleton<JobDownload>();
        services.AddProblemDetails().AddExceptionHandler<Problems>().AddOpenApi(options => options.AddSchemaTransformer(LabelsSchema.DescribeAsync).AddSchemaTransformer(DecisionSchema.DescribeAsync));
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(options =>
        {
            Json.Configure(options.SerializerOptions);
            options.SerializerOptions.Converters.Add(new LabelsJson());
        });

        var app = builder.Build();
        var key = app.Services.GetRequiredService<ApiKey>();
        key.Check(ListenAddresses.Of(app.Configuration));
        app.UsePageHeaders().UseExceptionHandler().UseStatusCodePages(Problems.WriteStatusAsync);
        app.UseDashboardPage();
        // Before any endpoint, and before its body is read: whatever is not marked as open is closed.
        app.Use(key.GuardAsync);
        app.Use(QueryKeys.CheckAsync);
        app.MapGroup("").WithMetadata(new NeedsNoKey()).MapSclipDefaults();
        app.MapSession();
        app.MapJobs();
        app.MapBoard();
        app.MapFleet();
        app.MapPreviews();
        app.MapPlaces();
        app.MapLabels();
        app.Services.GetRequiredService<WorkbenchProxy>().Map(app);
        // By its one name: of others the framework says in words of its own that they are not there.
        app.MapOpenApi("/openapi/v1.json");
        return app;
    }
}
