using Sclip.Contracts;
using Sclip.Formats.Importing;
using Sclip.Labels;
using Sclip.Testing;

namespace Sclip.Formats.Tests.Importing;

/// <summary>Annotations as they are opened, held against the label maps that they were made of.</summary>
internal static class Opened
{
    public static IAnnotationSet Open(string path, Func<ImportOptions, ImportOptions>? with = null) =>
        AnnotationSets.Open(path, with?.Invoke(ImportOptions.Default) ?? ImportOptions.Default, CancellationToken.None);

    public static string Refusal(string path, Func<ImportOptions, ImportOptions>? with = null) => Assert.Throws<ImportException>(() => Open(path, with).Dispose()).Message;

    public static string[] Pictures(this IAnnotationSet set) => [.. set.Pictures(CancellationToken.None)];

    /// <summary>The label map of a picture, in the places of some classes, which are found by their names.</summary>
    public static Mask Mask(this IAnnotationSet set, string picture, IReadOnlyList<LabelClass> classes)
    {
        var map = set.Read(picture);
        var places = set.Classes.Select(label => classes.Index().Single(item => item.Item.Name == label.Name).Index).ToArray();
        var nothing = set.LeavesBackground ? 0 : Tests.Mask.None;
        return new Mask(map.Width, map.Height, [.. map.Labels.Select(label => label == LabelMap.Nothing ? nothing : places[label])]);
    }

    /// <summary>Holds all pictures to be those that were exported, pixel by pixel.</summary>
    /// <param name="set">The annotations.</param>
    /// <param name="pictures">Label maps by their pictures.</param>
    /// <param name="classes">Their classes.</param>
    /// <param name="withEndings">Whether the form tells the pictures' endings.</param>
    public static void AssertHolds(this IAnnotationSet set, IReadOnlyDictionary<string, Mask> pictures, IReadOnlyList<LabelClass> classes, bool withEndings = true)
    {
        string Name(string picture) => withEndings ? picture : Path.ChangeExtension(picture, null);
        Assert.Equal(pictures.Keys.Select(Name).Order(StringComparer.Ordinal), set.Pictures().Select(Name).Order(StringComparer.Ordinal));
        var expected = pictures.ToDictionary(item => Name(item.Key), item => item.Value);
        foreach (var picture in set.Pictures())
            Assert.InRange(set.PixelsOf(picture), expected[Name(picture)].Labels.Length, expected[Name(picture)].Labels.Length * 3 + 200);
        foreach (var picture in set.Pictures())
            set.Mask(picture, classes).AssertIs(expected[Name(picture)], picture);
    }

    /// <summary>All of <see cref="Tests.Mask.All"/> by the names that <see cref="LabelledFolder.OfAll"/> gives them.</summary>
    public static IReadOnlyDictionary<string, Mask> All { get; } = Tests.Mask.All.ToDictionary(item => $"{item.Key}.jpg", item => item.Value);

    /// <summary>Writes pictures of the right sizes, as which any may serve.</summary>
    public static string WritePictures(this TemporaryFolder folder, string below, IReadOnlyDictionary<string, Mask> pictures)
    {
        foreach (var (name, mask) in pictures)
            folder.Write($"{below}/{name}", RawPng.Write(new ushort[mask.Width * mask.Height], mask.Width, RawPng.Grey, 8));
        return folder[below];
    }
}
