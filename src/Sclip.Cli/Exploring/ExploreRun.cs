using System.Globalization;
using System.Text;
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
    private const string PartEnding = ".part";

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
            throw new UserException($"There are {pictures.Count} pictures; explore looks closely at {Explorer.MostPictures} at most. Name a few that are typical.");
        CheckOutput(arguments.Output);
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
            await context.Error.WriteLineAsync("Interrupted; no page was written. The same command starts anew.");
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

    private static void CheckOutput(string path)
    {
        if (Directory.Exists(path))
            throw new UserException($"--out {path} is a folder; give the name of the page, such as {Path.Combine(path, "explore.html")}.");
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder))
            throw new UserException($"--out: the folder {folder} does not exist.");
        if (FolderMarkers.Find(folder) is { } other)
            throw new UserException($"--out: {folder} holds {other.Describe()}; give the page another place.");
        if (File.Exists(path) && !ExplorationPage.Is(path))
            throw new UserException($"--out: {path} is there already, and `sclip explore` did not write it. Give the page another name.");
        FolderMarkers.RequireOutside(path);
        try
        {
            File.Create(path + PartEnding).Dispose();
            File.Delete(path + PartEnding);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(path, error);
        }
    }

    /// <summary>False where the picture cannot be looked at, which is told.</summary>
    private async Task<bool> LookAtAsync(Explorer explorer, PictureReference reference, ImageLimits limits, CancellationToken cancellationToken)
    {
        try
        {
            var file = await reference.Store.ReadAsync(reference.BlobName, limits.MaxFileBytes, cancellationToken);
            var picture = await context.Decoder.RunAsync(reference.Name, token => context.Decoder.Decode(file.Bytes, limits, token), cancellationToken).WaitAsync(cancellationToken);
            explorer.Add(reference.Name, picture, cancellationToken);
            await context.Output.WriteLineAsync($"looked at {Printable.Line(reference.Name)}");
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
        var part = arguments.Output + PartEnding;
        try
        {
            using (var file = new StreamWriter(part, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)))
                ExplorationPage.Write(file, findings, arguments.Model);
            File.Move(part, arguments.Output, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(arguments.Output, error);
        }
    }

    private static UserException NotWritable(string path, Exception error) => new($"The page {path} cannot be written: {error.Message}", error);
}
