using System.CommandLine;
using Sclip.Cli.Evaluating;
using Sclip.Cli.Importing;
using Sclip.Contracts;
using Sclip.Evaluation.Predictions;
using Sclip.Formats.Importing;
using Sclip.Workbench.Sessions;
using Sclip.Worker.Pipeline;

namespace Sclip.Cli.Workbench;

/// <summary>Ground truth of some of a workbench's pictures, as <c>eval</c> reads it; its classes keep their own names, since those of the page change.</summary>
internal sealed class WorkbenchTruth : IDisposable
{
    private readonly IDisposable? _opened;

    private WorkbenchTruth(SessionTruth truth, IDisposable? opened) => (Truth, _opened) = (truth, opened);

    /// <summary>What the session takes.</summary>
    public SessionTruth Truth { get; }

    /// <exception cref="UserException">Its classes are not known, it has none of the pictures, or options do not fit it.</exception>
    public static WorkbenchTruth? Open(CliContext context, ParseResult parsed, GroundTruthOptions options, IReadOnlyList<string> inputs, IReadOnlyList<PictureReference> pictures, IReadOnlyList<LabelClass>? labels)
    {
        if (parsed.GetValue(options.Truth) is not { } root)
            return options.OfMasks.Concat(options.Set.OfReading).FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } useless
                ? throw new UserException($"{useless.Name} is of ground truth: give --ground-truth, too, or leave it out.")
                : null;
        var set = options.OpenAnnotations(parsed, root, labels, inputs.FirstOrDefault(Directory.Exists), options.OfMasks, context.Stop);
        try
        {
            var truth = set is null ? OfMasks(parsed, options, root, labels) : OfAnnotations(set, root, context);
            RequireMatch(truth.Masks, pictures);
            return new WorkbenchTruth(truth, set);
        }
        catch
        {
            set?.Dispose();
            throw;
        }
    }

    public void Dispose() => _opened?.Dispose();

    private static SessionTruth OfMasks(ParseResult parsed, GroundTruthOptions options, string root, IReadOnlyList<LabelClass>? labels)
    {
        var folder = PredictionFolder.Open(root, options.Suffix(parsed));
        // Those beside the masks say what their values mean, and the names of the page may be others.
        var classes = folder.Classes() ?? labels
            ?? throw new UserException($"--ground-truth {root} does not tell the classes of its masks' values: give them by --labels, in the order of the values, or a labels.json in that folder.");
        var masks = new PictureTruth(folder.Masks, options.Ids(parsed), options.Ignore(parsed, root), options.ReducesZeroLabel(parsed));
        return new SessionTruth(masks, classes, masks.Void);
    }

    private static SessionTruth OfAnnotations(IAnnotationSet set, string root, CliContext context)
    {
        var target = new ClassMapping().Own(set);
        foreach (var notice in set.Notices)
            context.Error.WriteLine($"notice: {notice}");
        var masks = new AnnotatedTruth(set, target, root, context.Stop);
        return new SessionTruth(masks, target.Classes, masks.Void);
    }

    private static void RequireMatch(IGroundTruth masks, IReadOnlyList<PictureReference> pictures)
    {
        var found = pictures.Where(picture => masks.Has(picture.Name)).ToArray();
        if (found.Length == 0)
            throw new UserException($"--ground-truth {masks.Root} has none of these pictures, the first of which is {pictures[0].Name}: masks are called as the pictures are, by their paths below the folder that was given.");
        if (found.GroupBy(picture => masks.PathOf(picture.Name)).FirstOrDefault(group => group.Count() > 1)?.ToArray() is [var first, var second, ..])
            throw new UserException($"{masks.PathOf(first.Name)} may be the ground truth of both {first.Name} and {second.Name}: give it the picture's ending ({Path.GetFileName(first.Name)}.png), or leave one of the two out.");
    }
}
