using System.Text.Json;

namespace Sclip.Formats.Writing;

/// <summary>
/// A JSON document in COCO's form: <c>info</c>, <c>licenses</c>, <c>categories</c>, <c>images</c>, <c>annotations</c>. The last two grow at once;
/// annotations wait in a file of their own until the images are complete.
/// </summary>
internal sealed class CocoDocument : IAsyncDisposable
{
    private readonly FileStream _file, _spill;
    private readonly Utf8JsonWriter _images, _annotations;
    private long _lastSegment;

    /// <param name="context">The export.</param>
    /// <param name="name">The document's name.</param>
    /// <param name="writeMore">Writes more members of the category of a class.</param>
    /// <param name="root">The name of a category 0 above all others; then classes that are left out are listed as well, so that ids have no gaps. Null for none.</param>
    public CocoDocument(ExportContext context, string name, Action<Utf8JsonWriter, int> writeMore, string? root = null)
    {
        (_file, _spill) = (context.Folder.Create(name), context.Folder.CreateSpill());
        (_images, _annotations) = (new Utf8JsonWriter(_file, JsonText.Options), new Utf8JsonWriter(_spill, JsonText.Options));
        _images.WriteStartObject();
        _images.WriteStartObject("info");
        _images.WriteString("description", "Exported by Sclip");
        _images.WriteEndObject();
        _images.WriteStartArray("licenses");
        _images.WriteEndArray();
        _images.WriteStartArray("categories");
        if (root is not null)
        {
            _images.WriteStartObject();
            _images.WriteNumber("id", 0);
            _images.WriteString("name", root);
            _images.WriteString("supercategory", "none");
            _images.WriteEndObject();
        }
        foreach (var (index, label) in root is null ? context.KeptClasses : context.Classes.Index())
        {
            _images.WriteStartObject();
            _images.WriteNumber("id", CategoryOf(index));
            _images.WriteString("name", label.Name);
            _images.WritePropertyName("color");
            _images.WriteColor(context.Colors[index]);
            writeMore(_images, index);
            _images.WriteEndObject();
        }
        _images.WriteEndArray();
        _images.WriteStartArray("images");
        _annotations.WriteStartArray();
    }

    /// <summary>The category of a class: COCO counts from 1, 0 is none.</summary>
    public static int CategoryOf(int index) => index + 1;

    /// <summary>Adds a picture with its segments, which are numbered through the document.</summary>
    public Task AddAsync(LabelledPictureHead picture, IReadOnlyList<CocoSegment> segments, CancellationToken cancellationToken) => AddAsync(
        picture,
        json =>
        {
            foreach (var segment in segments)
                segment.Write(json, ++_lastSegment, picture.Number);
        },
        cancellationToken);

    /// <summary>Adds a picture with its annotations.</summary>
    public async Task AddAsync(LabelledPictureHead picture, Action<Utf8JsonWriter> writeAnnotations, CancellationToken cancellationToken)
    {
        _images.WriteStartObject();
        _images.WriteNumber("id", picture.Number);
        _images.WriteString("file_name", picture.Name);
        _images.WriteNumber("width", picture.Width);
        _images.WriteNumber("height", picture.Height);
        _images.WriteEndObject();
        writeAnnotations(_annotations);
        await _images.FlushIfLargeAsync(cancellationToken);
        await _annotations.FlushIfLargeAsync(cancellationToken);
    }

    /// <summary>Puts the annotations behind the images.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        _images.WriteEndArray();
        _annotations.WriteEndArray();
        await _images.FlushAsync(cancellationToken);
        await _annotations.FlushAsync(cancellationToken);
        _spill.Position = 0;
        await _file.WriteAsync(",\"annotations\":"u8.ToArray(), cancellationToken);
        await _spill.CopyToAsync(_file, cancellationToken);
        await _file.WriteAsync("}\n"u8.ToArray(), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        // What the writers still hold is of an export that is given up; what they should, EndAsync wrote.
        _images.Reset(Stream.Null);
        _annotations.Reset(Stream.Null);
        await _file.DisposeAsync();
        await _spill.DisposeAsync();
    }
}
