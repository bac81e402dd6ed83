using System.Globalization;
using Sclip.Formats.Regions;
using Sclip.Formats.Writing;
using Sclip.Imaging;

namespace Sclip.Formats.Formats;

/// <summary>
/// ADE20K's scene parsing: <c>annotations/training/NAME.png</c> (grey, classes from 1, 0 for none, which <c>reduce_zero_label</c> turns to 255) and
/// <c>objectInfo.txt</c>: of each class its number, share of the pixels, pictures, whether it is stuff, and its names.
/// </summary>
internal sealed class Ade20kWriter : IFormatWriter
{
    private readonly ExportContext _context;
    private readonly byte[] _table;
    private readonly long[] _pixels, _training, _validation;

    public Ade20kWriter(ExportContext context)
    {
        _context = context;
        _table = context.Table(index => index + 1, nothing: 0);
        (_pixels, _training, _validation) = (new long[context.Classes.Count], new long[context.Classes.Count], new long[context.Classes.Count]);
    }

    public static string PictureAt(LabelledPicture picture) => $"images/{FolderOf(picture)}/{picture.Stem}.jpg";

    public EncodedPicture Encode(LabelledPicture picture)
    {
        var (map, classes) = (picture.Map, ClassRegions.Of(picture.Map, _context.Classes.Count));
        var png = PngWriter.Grey(map.Map<byte>(_table), map.Width, map.Height);
        return new EncodedPicture([new PictureFile($"annotations/{FolderOf(picture)}/{picture.Stem}.png", png)], _ =>
        {
            var pictures = picture.Split == ExportOptions.ValidationSplit ? _validation : _training;
            foreach (var region in classes)
            {
                _pixels[region.Class] += region.Area;
                pictures[region.Class]++;
            }
            return Task.CompletedTask;
        });
    }

    public async Task EndAsync(CancellationToken cancellationToken)
    {
        await using var info = new StreamWriter(_context.Folder.Create("objectInfo.txt"));
        await info.WriteAsync("Idx\tRatio\tTrain\tVal\tStuff\tName\n");
        var all = Math.Max(1, _pixels.Sum());
        foreach (var (index, label) in _context.KeptClasses)
        {
            var stuff = _context.Options.Things.Contains(index) ? 0 : 1;
            await info.WriteAsync(string.Create(CultureInfo.InvariantCulture,
                $"{index + 1}\t{(double)_pixels[index] / all:0.####}\t{_training[index]}\t{_validation[index]}\t{stuff}\t{string.Join(", ", label.AllNames)}\n"));
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static string FolderOf(LabelledPicture picture) => picture.Split switch { "train" => "training", ExportOptions.ValidationSplit => "validation", var split => split };
}
