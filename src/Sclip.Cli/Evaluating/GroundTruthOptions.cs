using System.CommandLine;
using Sclip.Cli.Importing;
using Sclip.Contracts;
using Sclip.Formats.Importing;
using Sclip.Storage.Folders;

namespace Sclip.Cli.Evaluating;

/// <summary>The options that say what ground truth there is and how its values read, the same for <c>eval</c> and <c>workbench</c>.</summary>
internal sealed class GroundTruthOptions
{
    private readonly Option<string?> _truth = new("--ground-truth") { Description = "The folder of ground-truth masks, by the pictures' names; or annotations, as import takes them." };
    private readonly Option<string> _ignore = new("--ignore") { Description = "Value in the ground truth of pixels that do not count; none counts all.", DefaultValueFactory = _ => "255" };
    private readonly Option<string?> _ids = new("--ids") { Description = "Values in the ground truth and what is read for them, such as 255=1,128=2; before --ignore and --reduce-zero-label." };
    private readonly Option<bool> _reduce = new("--reduce-zero-label") { Description = "The ground truth's classes begin with 1: 0 does not count either, and the others are one less." };
    private readonly Option<string> _suffix = new("--ground-truth-suffix") { Description = "What names of ground truth have behind the picture's, such as _gtFine_labelTrainIds.", DefaultValueFactory = _ => "" };

    /// <summary>The options of annotations.</summary>
    public SetOptions Set { get; } = new();

    /// <summary>The options in which values of masks are read otherwise than they stand there, in the order of the help.</summary>
    public IEnumerable<Option> OfMasks => [_ids, _ignore, _reduce, _suffix];

    /// <summary>The option that names the ground truth.</summary>
    public Option<string?> Truth => _truth;

    public string? GivenIds(ParseResult parsed) => parsed.GetValue(_ids);

    public string GivenIgnore(ParseResult parsed) => parsed.GetRequiredValue(_ignore);

    public string Suffix(ParseResult parsed) => parsed.GetRequiredValue(_suffix);

    public bool ReducesZeroLabel(ParseResult parsed) => parsed.GetValue(_reduce);

    /// <exception cref="UserException">They are no such list.</exception>
    public IReadOnlyDictionary<int, int>? Ids(ParseResult parsed) => IdList.Parse("--ids", parsed.GetValue(_ids));

    /// <summary>The value of pixels of masks that do not count: the one given, else that of masks that were imported, else 255.</summary>
    /// <exception cref="UserException">It is none.</exception>
    public int? Ignore(ParseResult parsed, string root) =>
        (parsed.GetResult(_ignore) is { Implicit: false } ? null : VoidOf(root)) ?? IgnoreValue.Parse(parsed.GetRequiredValue(_ignore));

    /// <summary>Opens annotations; null where the ground truth is a folder of masks.</summary>
    /// <exception cref="UserException">Options are given that say nothing of what is there.</exception>
    public IAnnotationSet? OpenAnnotations(ParseResult parsed, string root, IReadOnlyList<LabelClass>? given, string? pictures, IEnumerable<Option> ofMasks, CancellationToken cancellationToken)
    {
        var options = Set.Of(parsed, format: null, given, pictures);
        var set = File.Exists(root) ? AnnotationSets.Open(root, options, cancellationToken)
            : Directory.Exists(root) && !IsOfMasks(root) ? AnnotationSets.TryOpenFolder(root, options, cancellationToken) : null;
        if (set is null)
            return Set.Given(parsed) is { } useless ? throw new UserException($"{useless} is for annotations, and the ground truth {root} is a folder of masks; leave it out.") : null;
        if (ofMasks.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is not { } meaningless)
            return set;
        set.Dispose();
        throw new UserException($"{meaningless.Name} goes by the values of masks, and the ground truth {root} ({set.Form}) tells its classes by name; leave it out.");
    }

    /// <summary>Whether a folder is one of masks: it has some at its top, or a command labelled it.</summary>
    private static bool IsOfMasks(string root) => FolderMarkers.Find(root) is { Command: not "export" } || Directory.EnumerateFiles(root, "*.png").Any();

    /// <summary>The value of what does not count in a ground truth that was imported; null in others.</summary>
    private static int? VoidOf(string root) => Directory.Exists(root) ? FolderMarkers.Find(root)?.Void : null;
}
