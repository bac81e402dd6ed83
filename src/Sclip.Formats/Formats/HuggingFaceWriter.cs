using Sclip.Formats.Writing;
using Sclip.Imaging;

namespace Sclip.Formats.Formats;

/// <summary>
/// An image folder of Hugging Face: <c>SPLIT/metadata.jsonl</c>, a line a picture that names it (below <c>SPLIT/images</c>) and its mask (below
/// <c>SPLIT/masks</c>, grey, the class index of each pixel, 255 where there is none). Where there is such a file, no other picture of the folder is taken.
/// </summary>
internal sealed class HuggingFaceWriter : IFormatWriter
{
    private readonly HubDataset _dataset;
    private readonly byte[] _table;
    private readonly PerSplit<FileStream> _metadata;

    public HuggingFaceWriter(ExportContext context)
    {
        _dataset = new HubDataset(context);
        _table = context.Table(index => index, HubDataset.Nothing);
        _metadata = new PerSplit<FileStream>(context.Splits, split => context.Folder.Create($"{HubDataset.PartOf(split)}/metadata.jsonl"));
    }

    public static string PictureAt(LabelledPicture picture) => $"{HubDataset.PartOf(picture.Split)}/images/{picture.Image}";

    public EncodedPicture Encode(LabelledPicture picture)
    {
        var (map, mask) = (picture.Map, $"masks/{picture.Stem}.png");
        // A column is called by what stands before "_file_name", and by "image" where nothing does.
        var line = JsonText.Bytes(json =>
        {
            json.WriteStartObject();
            json.WriteString("file_name", $"images/{picture.Image}");
            json.WriteString($"{HubDataset.LabelColumn}_file_name", mask);
            json.WriteEndObject();
        });
        return new EncodedPicture(
            [new PictureFile($"{HubDataset.PartOf(picture.Split)}/{mask}", PngWriter.Grey(map.Map<byte>(_table), map.Width, map.Height))],
            async token =>
            {
                await _metadata[picture].WriteAsync((byte[])[.. line, (byte)'\n'], token);
                _dataset.Add(picture);
            });
    }

    public async Task EndAsync(CancellationToken cancellationToken)
    {
        await _metadata.ForEachAsync(file => file.FlushAsync(cancellationToken));
        await _dataset.EndAsync(part => $"{part}/**");
    }

    public ValueTask DisposeAsync() => _metadata.DisposeAsync();
}
