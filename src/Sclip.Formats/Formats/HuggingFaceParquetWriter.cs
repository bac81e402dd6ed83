using Sclip.Formats.Writing;
using Sclip.Imaging;

namespace Sclip.Formats.Formats;

/// <summary>
/// A data set of Hugging Face in Parquet: <c>data/PART-00000-of-0000N.parquet</c> with the columns <c>image</c> and <c>label</c>, the latter a grey PNG of the
/// class index of each pixel, 255 where there is none. Where the pictures are not at hand, <c>image</c> has their names alone.
/// </summary>
internal sealed class HuggingFaceParquetWriter : IFormatWriter
{
    private readonly ExportContext _context;
    private readonly HubDataset _dataset;
    private readonly byte[] _table;
    private readonly PerSplit<ParquetShards> _shards;
    private long _without;

    public HuggingFaceParquetWriter(ExportContext context)
    {
        (_context, _dataset) = (context, new HubDataset(context));
        _table = context.Table(index => index, HubDataset.Nothing);
        _shards = new PerSplit<ParquetShards>(context.Splits, split =>
            new ParquetShards(context.Folder, HubDataset.PartOf(split), HubDataset.ImageColumn, HubDataset.LabelColumn, ParquetShards.Limits.Default));
    }

    public EncodedPicture Encode(LabelledPicture picture)
    {
        var map = picture.Map;
        var mask = PngWriter.Grey(map.Map<byte>(_table), map.Width, map.Height);
        return new EncodedPicture([], AddPictureAsync: async (file, token) =>
        {
            await _shards[picture].AddAsync(new ParquetRow(file, _context.NameOf(picture), mask, $"{picture.Stem}.png"), token);
            _dataset.Add(picture);
            _without += file is null ? 1 : 0;
        });
    }

    public async Task EndAsync(CancellationToken cancellationToken)
    {
        await _shards.ForEachAsync(shards => shards.EndAsync(cancellationToken));
        await _dataset.EndAsync(part => $"data/{part}-*");
        if (_without > 0)
            _context.Notices.Add($"{_without} of the pictures are not in the export: the column {HubDataset.ImageColumn} has their names alone, which are looked for where the data set is read (--copy-pictures puts them in, --image-prefix puts a folder before their names).");
    }

    public ValueTask DisposeAsync() => _shards.DisposeAsync();
}
