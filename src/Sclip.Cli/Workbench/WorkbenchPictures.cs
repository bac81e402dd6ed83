using Sclip.Cli.Labelling;
using Sclip.Storage;
using Sclip.Storage.Folders;
using Sclip.Workbench.Sessions;
using Sclip.Worker.Pipeline;

namespace Sclip.Cli.Workbench;

/// <summary>The pictures of a workbench: some by pixels, or a folder whose features were kept.</summary>
/// <param name="All">The pictures that are shown.</param>
/// <param name="Of">How many they are taken from.</param>
/// <param name="Kept">Whose features they have; null where those are computed.</param>
/// <param name="Title">What the page calls them.</param>
internal sealed record WorkbenchPictures(IReadOnlyList<PictureReference> All, int Of, FeatureFolder? Kept, string Title)
{
    /// <param name="context">Where it is told which folders were not looked into.</param>
    /// <param name="inputs">Pictures, folders and globs, or a folder that <c>sclip label --keep-features</c> wrote.</param>
    /// <param name="sample">How many are taken, spread over all; null takes all.</param>
    /// <exception cref="UserException">There is no picture, or too many.</exception>
    public static async Task<WorkbenchPictures> OpenAsync(CliContext context, IReadOnlyList<string> inputs, int? sample)
    {
        var kept = KeptOf(inputs);
        var pictures = kept is null ? (await InputScan.TellAsync(context, inputs, output: null)).Pictures : kept.Pictures;
        if (kept?.Unfinished is { } unfinished)
            await context.Error.WriteLineAsync($"warning: {kept.Folder} is not whole: {unfinished} What is there is shown.");
        if (sample is null && pictures.Count > SessionSetup.MostPictures)
            throw new UserException(
                $"There are {pictures.Count} pictures, and the workbench holds {SessionSetup.MostPictures} at most: give --sample 24 for so many spread over all of them, or name those that are typical. (What it saves labels all of them.)");
        var taken = Math.Min(sample ?? pictures.Count, pictures.Count);
        var features = kept is null ? null : new FileBlobStore(kept.Folder);
        return new WorkbenchPictures([.. Enumerable.Range(0, taken).Select(i => pictures[(int)((i + 0.5) * pictures.Count / taken)] with { FeatureStore = features })], pictures.Count, kept, TitleOf(inputs, taken, pictures.Count));
    }

    private static FeatureFolder? KeptOf(IReadOnlyList<string> inputs)
    {
        if (inputs.FirstOrDefault(input => Directory.Exists(input) && FolderMarkers.Find(input) is { } marker && marker.HoldsResults()) is not { } folder)
            return null;
        return inputs.Count == 1
            ? FeatureFolder.Open(folder, pictures: null)
            : throw new UserException($"{folder} holds {FolderMarkers.Find(folder)!.Describe()}, whose features are taken where it is given alone: leave the others out, or give the folder of its pictures.");
    }

    private static string TitleOf(IReadOnlyList<string> inputs, int taken, int count)
    {
        var first = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(inputs[0])));
        return $"{(first.Length > 0 ? first : "/")}{(inputs.Count > 1 ? $" and {inputs.Count - 1} more" : "")}{(taken < count ? $" ({taken} of {count})" : "")}";
    }
}
