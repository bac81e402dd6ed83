using System.Runtime.InteropServices;
using Sclip.Formats.Writing;
using Sclip.Labels;

namespace Sclip.Formats.Formats;

/// <summary>
/// NumPy arrays: <c>arrays/NAME.npy</c>, the class index of each pixel, <c>[height, width]</c>: bytes with 255 for none up to 255 classes, else 16 bits
/// with 65535 for none. <c>labels.json</c> holds the names.
/// </summary>
internal sealed class NpyWriter(ExportContext context) : IFormatWriter
{
    private const byte Nothing = 255;
    private readonly byte[]? _table = context.Classes.Count <= Nothing ? context.Table(index => index, Nothing) : null;

    public EncodedPicture Encode(LabelledPicture picture)
    {
        var map = picture.Map;
        byte[] bytes = _table is not null
            ? [.. Npy.Header("|u1", map.Height, map.Width), .. map.Map<byte>(_table)]
            // The values of the label map are those of the array, 65535 for nothing among them.
            : [.. Npy.Header("<u2", map.Height, map.Width), .. MemoryMarshal.AsBytes(map.Labels.AsSpan())];
        return new EncodedPicture([new PictureFile($"arrays/{picture.Stem}.npy", bytes)]);
    }

    public Task EndAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
