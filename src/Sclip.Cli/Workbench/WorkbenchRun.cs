using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Sclip.Cli.Labelling;
using Sclip.Imaging;
using Sclip.Workbench;
using Sclip.Workbench.Engines;
using Sclip.Workbench.Sessions;
using Sclip.Worker.Engines;
using Sclip.Worker.Models;
using Sclip.Worker.Pipeline;

namespace Sclip.Cli.Workbench;

/// <summary>One run of <c>sclip workbench</c>: load the model, serve the page, compute features, and go on until it is interrupted.</summary>
internal sealed class WorkbenchRun(CliContext context)
{
    public async Task<int> RunAsync(WorkbenchArguments arguments)
    {
        var devices = EngineDevices.Find(arguments.Device);
        if (devices.All is not [var device])
            throw new UserException("The workbench computes on one device: give --device in place of --devices.");
        var engine = Load(arguments, device);
        var (session, app) = ((Session?)null, (WebApplication?)null);
        try
        {
            session = Open(arguments, engine);
            app = LocalWorkbench.Build(session, arguments.Port);
            await StartAsync(app, arguments.Port);
            await devices.TellAsync(context);
            LabelProgress.TellWarnings(context, engine.Model);
            session.Begin();
            await context.Output.WriteLineAsync($"The workbench is at {app.Urls.First()}/ (Ctrl-C ends it)");
            await context.Output.FlushAsync();
            await FollowAsync(session);
        }
        finally
        {
            // The second interrupt ends at once: what still computes then ends with the process.
            await EndAsync(app, session, engine).WaitAsync(context.Abort);
        }
        await context.Output.WriteLineAsync("The workbench has ended. What was typed is kept, and the same command goes on with it; features are not.");
        return ExitCodes.Done;
    }

    private static WorkbenchEngine Load(WorkbenchArguments arguments, IEngineDevice device)
    {
        var kept = arguments.Kept;
        GuideOption.Require([arguments.Settings.Method], arguments.Guide);
        var model = device.LoadModel(kept is null ? ModelCache.OfUser().Resolve(arguments.ModelName) : kept.ResolveModel(arguments.Model), arguments.Threads, packVision: kept is null,
            arguments.Guide is not { } guide ? null : kept is null ? ModelCache.OfUser().Resolve(guide) : kept.ResolveGuide(arguments.GivenGuide));
        try
        {
            kept?.RequireModel(model, arguments.ModelName, arguments.Guide);
            return new WorkbenchEngine(model, device);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private Session Open(WorkbenchArguments arguments, WorkbenchEngine engine)
    {
        var cache = ModelCache.OfUser();
        var typing = new KeptDraft(Path.Combine(cache.Root, "workbench"), arguments);
        typing.Begin(arguments.Labels, arguments.Settings);
        if (typing.IsThere)
            context.Output.WriteLine("What was typed for these pictures before is there again.");
        var defaults = engine.Model.Defaults;
        // Another one each time, since browsers keep pictures by it.
        return new Session(RandomNumberGenerator.GetHexString(8, lowercase: true), new SessionSetup
        {
            Title = arguments.Pictures.Title,
            Model = arguments.ModelName,
            Options = PipelineOptions.Of(arguments.Settings, defaults, ImageLimits.Default, arguments.Device.Batch, arguments.Threads) with { Decoder = context.Decoder },
            Templates = defaults.PromptsOf(arguments.Settings.Templates),
            Pictures = arguments.Pictures.All,
            Labels = arguments.Labels?.Classes ?? [],
            Truth = arguments.Truth?.Truth,
            StateFile = typing.StateFile,
            LabelFile = Path.GetFullPath(arguments.Output),
            Plan = new SavedCommands(arguments, typing).PlanOf,
            CacheDirectory = cache.LabelEmbeddings,
        }, engine);
    }

    private async Task StartAsync(WebApplication app, int port)
    {
        try
        {
            await app.StartAsync(context.Abort);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            throw new UserException($"The workbench cannot listen on 127.0.0.1:{port}: {error.Message.TrimEnd('.')}. Give another --port, or none for a free one.", error);
        }
    }

    private static async Task EndAsync(WebApplication? app, Session? session, WorkbenchEngine engine)
    {
        // The session first: what it computes for requests would be waited for.
        if (session is not null)
            await session.DisposeAsync();
        if (app is not null)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }
        engine.Dispose();
    }

    private async Task FollowAsync(Session session)
    {
        try
        {
            await new WorkbenchProgress(context).FollowAsync(session, context.Stop);
            await Task.Delay(Timeout.Infinite, context.Stop);
        }
        catch (OperationCanceledException) when (context.Stop.IsCancellationRequested)
        {
            // That is how it ends.
        }
    }
}
