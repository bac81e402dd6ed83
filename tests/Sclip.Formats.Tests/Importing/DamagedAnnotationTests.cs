using Sclip.Contracts.Folders;
using Sclip.Formats.Importing;
using Sclip.Labels;
using Sclip.Testing;

namespace Sclip.Formats.Tests.Importing;

/// <summary>Files that lost bytes or got others are read to something, or refused in a line; never anything else.</summary>
public sealed class DamagedAnnotationTests : IDisposable
{
    private const int Rounds = 150;
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("cvat", "annotations.xml")]
    [InlineData("labelstudio", "tasks.json")]
    [InlineData("yolo-seg", "data.yaml")]
    [InlineData("yolo-seg", "labels/train/nested.txt")]
    [InlineData("voc", "SegmentationClass/nested.png")]
    [InlineData("voc", "labelmap.txt")]
    [InlineData("npy", "arrays/nested.npy")]
    public async Task A_damaged_file_is_read_or_refused(string format, string name)
    {
        using var folder = new LabelledFolder();
        foreach (var mask in (string[])["nested", "noise"])
            folder.Add($"{mask}.jpg", Mask.All[mask]);
        await folder.ExportAsync(format);
        // As it is found, not as it was exported.
        foreach (var own in format == "npy" ? [FolderMarker.FileName] : (string[])[FolderMarker.FileName, MaskLabels.FileName])
            File.Delete(Path.Combine(folder.Out, own));
        var pictures = _folder.WritePictures("pictures", Opened.All);
        var (path, whole, random) = (Path.Combine(folder.Out, name), folder.Bytes(name), new Random(name.Length));
        var read = 0;
        for (var round = 0; round < Rounds; round++)
        {
            await File.WriteAllBytesAsync(path, Damage(whole, random), TestContext.Current.CancellationToken);
            read += TryRead(folder.Out, options => options with { Pictures = pictures, Format = format }) ? 1 : 0;
        }
        Assert.NotEqual(Rounds, read);
        await File.WriteAllBytesAsync(path, whole, TestContext.Current.CancellationToken);
        Assert.True(TryRead(folder.Out, options => options with { Pictures = pictures, Format = format }));
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Whether everything could be read; a refusal is one line without a trace of the code.</summary>
    private static bool TryRead(string path, Func<ImportOptions, ImportOptions> with)
    {
        try
        {
            using var set = Opened.Open(path, with);
            foreach (var picture in set.Pictures())
                set.Read(picture);
            return true;
        }
        catch (ImportException error)
        {
            Assert.DoesNotContain("\n", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("Exception", error.Message, StringComparison.Ordinal);
            return false;
        }
    }

    private static byte[] Damage(byte[] whole, Random random)
    {
        if (random.Next(3) == 0)
            return whole[..random.Next(whole.Length)];
        var damaged = whole.ToArray();
        for (var i = random.Next(1, 4); i > 0; i--)
            damaged[random.Next(damaged.Length)] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)"<>\"{}[],:0-9 \n"[random.Next(14)];
        return damaged;
    }
}
