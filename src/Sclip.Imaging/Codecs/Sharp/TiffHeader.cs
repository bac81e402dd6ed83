namespace Sclip.Imaging.Codecs.Sharp;

/// <summary>What a TIFF says of its first page: in strips, grey, of a palette or RGB, whole numbers of up to 16 bits.</summary>
internal static class TiffHeader
{
    private const string Name = "TIFF";
    private const int ColorTag = 262;
    private const int Uncompressed = 1, Lzw = 5, Deflate = 8, OldDeflate = 32946, PackBits = 32773;
    private const int WhiteIsZero = 0, BlackIsZero = 1, Rgb = 2, Palette = 3;
    private const int PremultipliedAlpha = 1, Alpha = 2;

    // What the tags are called in refusals, as users may find them in other programs.
    private static readonly Dictionary<long, string> Compressions = new()
    {
        [2] = "CCITT fax compression",
        [3] = "CCITT fax compression",
        [4] = "CCITT fax compression",
        [6] = "JPEG compression",
        [7] = "JPEG compression",
        [34712] = "JPEG 2000 compression",
        [34887] = "LERC compression",
        [34925] = "LZMA compression",
        [50000] = "Zstandard compression",
        [50001] = "WebP compression",
        [50002] = "JPEG XL compression",
    };

    private static readonly Dictionary<long, string> Colors = new()
    {
        [4] = "a transparency mask alone",
        [5] = "inks (CMYK) for colours",
        [6] = "YCbCr colours",
        [8] = "CIE Lab colours",
        [9] = "CIE Lab colours",
        [10] = "CIE Lab colours",
        [32803] = "a camera's raw data",
        [34892] = "a camera's raw data",
        [32844] = "LogLuv colours",
        [32845] = "LogLuv colours",
    };

    /// <summary>Reads the first page's directory, and finds its strips in the file.</summary>
    /// <param name="file">The TIFF.</param>
    /// <param name="limits">What it may be at most.</param>
    /// <param name="nextPageAt">Where the file says where its second page is.</param>
    /// <exception cref="ImageDecodeException">It is damaged, exceeds a limit, or is of a kind that is not read.</exception>
    public static SharpHeader Read(ReadOnlySpan<byte> file, ImageLimits limits, out int nextPageAt)
    {
        var tags = new TiffDirectory(file);
        nextPageAt = tags.NextAt;
        var (width, height) = (One(tags, 256, "width"), One(tags, 257, "height"));
        limits.Check(width, height);
        if (tags.Numbers(322).Length > 0 || tags.Numbers(324).Length > 0)
            throw Refusal.Unsupported(Name, "tiles instead of strips");
        var (compression, color, samples) = (One(tags, 259, "compression", 1), One(tags, ColorTag, "kind of colours"), One(tags, 277, "samples", 1));
        if (compression is not (Uncompressed or Lzw or Deflate or OldDeflate or PackBits))
            throw Refusal.Unsupported(Name, Compressions.GetValueOrDefault(compression, $"compression {compression}"));
        var depths = tags.Numbers(258);
        if (depths.Length != samples)
            throw depths.Length == 0 ? Refusal.Unsupported(Name, "no entry of its bits a sample") : Refusal.Damaged(Name, "its samples and their bits do not fit");
        var (depth, extra) = (depths[0], tags.Numbers(338));
        if (depths.ContainsAnyExcept(depth) || tags.Numbers(339).ContainsAnyExcept(1) || One(tags, 266, "fill order", 1) != 1)
            throw Refusal.Unsupported(Name, depths.ContainsAnyExcept(depth) ? "samples of different bits" : tags.Numbers(339).ContainsAnyExcept(1) ? "samples that are no whole numbers above zero" : "bits in reversed order");
        switch (color, samples, depth)
        {
            case (WhiteIsZero or BlackIsZero, 1, 1 or 2 or 4 or 8 or 10 or 12 or 14 or 16):
            case (Rgb, 3 or 4, 8 or 16):
                break;
            case (Palette, 1, 1 or 2 or 4 or 8):
                if (tags.Numbers(320).Length != 3 << (int)depth)
                    throw Refusal.Damaged(Name, "its palette is missing, or is another's");
                break;
            default:
                throw Refusal.Unsupported(Name, Colors.GetValueOrDefault(color, color > Palette ? $"colours of kind {color}" : samples == 2 ? "transparency beside grey" : $"{samples} x {depth} bits a pixel"));
        }
        if (samples == 4 && extra is not ([] or [PremultipliedAlpha or Alpha]))
            throw Refusal.Unsupported(Name, "a fourth sample that is no transparency");
        CheckStrips(file, tags, (width, height, samples, depth), compression == Uncompressed);
        return new SharpHeader((int)width, (int)height, HasAlpha: samples == 4 && extra.Length > 0, Is16Bit: depth == 16);
    }

    /// <summary>Whether the pixels of a file are colours, not values.</summary>
    public static bool HoldsColors(ReadOnlySpan<byte> file) => new TiffDirectory(file).Numbers(ColorTag) is [Rgb, ..];

    /// <summary>Bits of a value in a file that <see cref="Read"/> has read.</summary>
    public static int Depth(ReadOnlySpan<byte> file) => (int)new TiffDirectory(file).Numbers(258)[0];

    /// <summary>A file whose values are grey, of one whose values are places in a palette.</summary>
    public static ReadOnlySpan<byte> WithoutPalette(ReadOnlySpan<byte> file) =>
        new TiffDirectory(file) is var tags && tags.Numbers(ColorTag) is [Palette, ..] ? tags.With(ColorTag, BlackIsZero) : file;

    private static void CheckStrips(ReadOnlySpan<byte> file, TiffDirectory tags, (long Width, long Height, long Samples, long Depth) size, bool isUncompressed)
    {
        var (starts, lengths) = (tags.Numbers(273), tags.Numbers(279));
        var rows = Math.Min(size.Height, One(tags, 278, "rows a strip", size.Height));
        var planes = One(tags, 284, "planes", 1) == 2 ? size.Samples : 1;
        if (rows < 1 || starts.Length != (size.Height + rows - 1) / rows * planes || lengths.Length != starts.Length)
            throw Refusal.Damaged(Name, "its strips do not fit its size");
        var rowBytes = (size.Width * size.Depth * (size.Samples / planes) + 7) / 8;
        var strips = starts.Length / planes;
        for (var i = 0; i < starts.Length; i++)
        {
            var rowsHere = Math.Min(rows, size.Height - i % strips * rows);
            if (starts[i] + lengths[i] > file.Length || lengths[i] < (isUncompressed ? rowsHere * rowBytes : 1))
                throw Refusal.Damaged(Name, "it ends before its pixels");
        }
    }

    private static long One(TiffDirectory tags, int tag, string what, long? otherwise = null) => tags.Numbers(tag) switch
    {
        [var number, ..] => number,
        [] => otherwise ?? throw Refusal.Damaged(Name, $"its {what} is missing"),
    };
}
