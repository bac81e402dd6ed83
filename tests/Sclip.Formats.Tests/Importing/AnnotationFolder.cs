using Sclip.Formats.Importing;
using Sclip.Labels;
using Sclip.Testing;

namespace Sclip.Formats.Tests.Importing;

/// <summary>Annotations in files of a folder of their own, and what is read of them.</summary>
internal sealed class AnnotationFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string this[string name] => _folder[name];

    public string Path => _folder.Path;

    public string Write(string name, string content) => _folder.Write(name, content);

    public string Write(string name, ReadOnlySpan<byte> content) => _folder.Write(name, content);

    public static IAnnotationSet Open(string path, ImportOptions? options = null) => AnnotationSets.Open(path, options ?? ImportOptions.Default, CancellationToken.None);

    /// <summary>Opens a file with that content.</summary>
    public IAnnotationSet Open(string name, string content) => Open(Write(name, content));

    /// <summary>What is said of a file that is refused.</summary>
    public string Refusal(string name, string content) => Assert.Throws<ImportException>(() => Open(name, content)).Message;

    /// <summary>The pixels of a picture as rows; '.' where there is nothing.</summary>
    public static string[] Rows(IAnnotationSet set, string picture) => Rows(set.Read(picture));

    public static string[] Rows(LabelMap map) =>
        [.. map.Labels.Chunk(map.Width).Select(row => string.Concat(row.Select(label => label == LabelMap.Nothing ? "." : $"{label}")))];

    public void Dispose() => _folder.Dispose();
}
