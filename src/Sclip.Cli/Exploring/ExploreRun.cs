using System.Globalization;
using Sclip.Cli.Labelling;
using Sclip.Contracts;
using Sclip.Exploration;
using Sclip.Imaging;
using Sclip.Segmentation;
using Sclip.Storage;
using Sclip.Storage.Folders;
using Sclip.Worker.Engines;
using Sclip.Worker.Models;
using Sclip.Worker.Pipeline;

namespace Sclip.Cli.Exploring;

/// <summary>One run of <c>sclip explore</c>: look at each picture, then write the page and tell what matters most.</summary>
internal sealed class ExploreRun(CliContext context)
{
    public async Task<int> RunAsync(ExploreArguments arguments)
    {
        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(context.Stop, context.Abort);
        // What is cheap to check comes before the model is loaded.
        CheckDevice(arguments.Device);
        SettingsOptions.RequireBackground(arguments.Labels, arguments.Settings);
        var asked = new ExplorationOptions
        {
            Methods = arguments.Methods,
            Points = arguments.Points,
            Clusters = arguments.Clusters,
            AllClasses = arguments.AllClasses,
            PlainCosines = arguments.PlainCosines,
        };
        asked.Validate();
        GuideOption.Require([.. arguments.Methods], arguments.Guide);
        var pictures = (await InputScan.TellAsync(context, arguments.Inputs, output: null)).Pictures;
        if (pictures.Count > Explorer.MostPictures)
            throw new UserException($"There are {pictures.Count} pictures; explore takes {Explorer.MostPictures} at most. Name a few that are typical.");
        OutputFile.Require(arguments.Output, "page", "explore.html", RequireReplaceable);
        using var model = ClipModel.Load(
            ModelCache.OfUser().Resolve(arguments.Model), arguments.Threads, guide: arguments.Guide is { } guide ? ModelCache.OfUser().Resolve(guide) : null);
        var templates = model.Defaults.PromptsOf(arguments.Settings.Templates);
        var pipeline = PipelineOptions.Of(arguments.Settings, model.Defaults, ImageLimits.Default, arguments.Device.Batch, arguments.Threads);
        using var explorer = new Explorer(
            model, arguments.Labels, LabelProgress.Embed(context, model, arguments.Labels, templates), asked with { Segmentation = pipeline.Segmentation, ShortSide = pipeline.ShortSide });
        var failed = 0;
        ExplorationFindings findings;
        try
        {
            foreach (var picture in pictures)
                failed += await LookAtAsync(explorer, picture, pipeline.Limits, interrupted.Token) ? 0 : 1;
            if (failed == pictures.Count)
                return ExitCodes.SomeFailed;
            findings = explorer.Finish(interrupted.Token);
        }
        catch (OperationCanceledException)
        {
            await context.Error.WriteLineAsync("Interrupted; no page was written. The same command starts over.");
            return ExitCodes.Interrupted;
        }
        Write(arguments, findings);
        ExploreReport.Write(context, findings);
        var size = (new FileInfo(arguments.Output).Length / 1e6).ToString("0.0", CultureInfo.InvariantCulture);
        await context.Output.WriteLineAsync($"{arguments.Output} shows {Counted.Of(pictures.Count - failed, "picture")} ({size} MB); open it in a browser.");
        return failed > 0 ? ExitCodes.SomeFailed : ExitCodes.Done;
    }

    private static void CheckDevice(DeviceRequest device)
    {
        if (device.Kind is not (DeviceKind.Auto or DeviceKind.Cpu) || device.Precision is not (null or EnginePrecision.Float32))
            throw new UserException("explore looks inside the managed engine as it computes on the CPU in fp32: leave out --device, --devices and --precision, or say --device cpu.");
    }

    private static void RequireReplaceable(string path)
    {
        if (File.Exists(path) && !ExplorationPage.Is(path))
            throw new UserException($"--out: {path} is there already, and `sclip explore` did not write it. Give the page another name.");
    }

    /// <summary>False where the picture cannot be looked at, which is told.</summary>
    private async Task<bool> LookAtAsync(Explorer explorer, PictureReference reference, ImageLimits limits, CancellationToken cancellationToken)
    {
        try
        {
            var file = await reference.Store.ReadAsync(reference.BlobName, limits.MaxFileBytes, cancellationToken);
            var picture = await context.Decoder.RunAsync(reference.Name, token => context.Decoder.Decode(file.Bytes, limits, token), cancellationToken).WaitAsync(cancellationToken);
            explorer.Add(reference.Name, picture, cancellationToken);
            await context.Output.WriteLineAsync($"explored {Printable.Line(reference.Name)}");
            return true;
        }
        catch (Exception error) when (error is ImageDecodeException or BlobStoreException or SegmentationException)
        {
            context.TellFailure(reference.Name, error.Message);
            return false;
        }
    }

    /// <summary>An interrupted run leaves an earlier page as it is.</summary>
    private static void Write(ExploreArguments arguments, ExplorationFindings findings)
    {
        using var page = new MemoryStream();
        using (var writer = new StreamWriter(page, leaveOpen: true))
            ExplorationPage.Write(writer, findings, arguments.Model);
        try
        {
            WholeFile.Write(arguments.Output, page.GetBuffer().AsSpan(0, (int)page.Length));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw OutputFile.NotWritable(arguments.Output, "page", error);
        }
    }
}
