using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Labels;

namespace Sclip.Formats.Importing;

/// <summary>Annotations of a file a picture. Held are the names of the pictures and of their files.</summary>
/// <param name="form">What it is.</param>
/// <param name="classes">The classes.</param>
/// <param name="files">The files by the pictures.</param>
/// <param name="pixels">How many pixels the file of a picture, or the picture, is said to have; 0 where that is not known.</param>
/// <param name="read">Reads the file of a picture.</param>
internal sealed class FileAnnotations(string form, IReadOnlyList<LabelClass> classes, FileAnnotations.Files files, Func<string, string, long> pixels, Func<string, string, LabelMap> read) : IAnnotationSet
{
    public string Form => form;

    public IReadOnlyList<LabelClass> Classes => classes;

    public bool LeavesBackground { get; init; }

    public IReadOnlyList<string> Notices { get; init; } = [];

    public IEnumerable<string> Pictures(CancellationToken cancellationToken) => files.Pictures;

    public long PixelsOf(string picture) => files.Of(picture) is { } file ? pixels(picture, file) : 0;

    public LabelMap Read(string picture) => files.Of(picture) is { } file ? read(picture, file) : throw new ImportException($"{JobNames.Shown(picture)}: the {form} annotations have no such picture.");

    public void Dispose()
    {
    }

    /// <summary>The files by the pictures, in order of the pictures' names.</summary>
    internal sealed class Files
    {
        private readonly SortedDictionary<string, string> _files = new(StringComparer.Ordinal);

        public int Count => _files.Count;

        public IEnumerable<string> Pictures => _files.Keys;

        public string? Of(string picture) => _files.GetValueOrDefault(picture);

        /// <exception cref="ImportException">The name may lead elsewhere, or is that of another file's picture.</exception>
        public void Add(string picture, string file)
        {
            if (!_files.TryAdd(PictureLookup.Named(picture, file), file))
                throw new ImportException($"{_files[picture]} and {file} are both of the picture '{JobNames.Shown(picture)}'. Import the folders one by one.");
        }
    }
}
