namespace Sclip.Imaging.Codecs;

/// <summary>
/// PBM, PGM and PPM, as numbers or raw, of any greatest value. Read here: ImageSharp 2.1 takes a raw picture's first bytes for blanks where they look like
/// such, leaves values of another scale than 255 as they are, and misreads raw ones of 16 bits and of bits.
/// </summary>
internal ref struct Netpbm
{
    private readonly ReadOnlySpan<byte> _file;
    private readonly string _name;
    private readonly bool _isBits, _isRaw;
    private int _at = 2;

    private Netpbm(ReadOnlySpan<byte> file)
    {
        _file = file;
        var kind = file[1] - '0';
        _isRaw = kind > 3;
        _isBits = kind is 1 or 4;
        _name = kind switch { 1 or 4 => "PBM", 2 or 5 => "PGM", _ => "PPM" };
    }

    /// <summary>The first picture of a file.</summary>
    /// <exception cref="ImageDecodeException">It is damaged, or exceeds a limit.</exception>
    public static DecodedPixels Decode(ReadOnlySpan<byte> file, ImageLimits limits) => new Netpbm(file).Read(limits);

    private DecodedPixels Read(ImageLimits limits)
    {
        var (width, height) = (Number(), Number());
        limits.Check(width, height);
        var most = _isBits ? 1 : Number();
        if (most is < 1 or > ushort.MaxValue)
            throw Refusal.Damaged(_name, $"its greatest value is {most}");
        // One blank ends the header; what follows is the picture's, whatever it looks like.
        _at++;
        var channels = _name == "PPM" ? 3 : 1;
        var (rowValues, valueBytes) = (width * channels, most > byte.MaxValue ? 2 : 1);
        var rowBytes = _isBits ? (width + 7) / 8 : (long)rowValues * valueBytes;
        if (_isRaw && _file.Length - _at < rowBytes * height)
            throw Refusal.Damaged(_name, "it ends before its pixels");
        var pixels = GC.AllocateUninitializedArray<byte>(width * height * 3);
        for (int y = 0, target = 0; y < height; y++)
        {
            var row = _isRaw ? _file.Slice((int)(_at + y * rowBytes), (int)rowBytes) : default;
            for (var i = 0; i < rowValues; i++)
            {
                var value = !_isRaw ? _isBits ? Bit() : Number()
                    : _isBits ? row[i >> 3] >> 7 - (i & 7) & 1
                    : valueBytes == 1 ? row[i] : row[2 * i] << 8 | row[2 * i + 1];
                if (value > most)
                    throw Refusal.Damaged(_name, $"the value {value} is above its greatest, {most}");
                var level = Level(_isBits ? 1 - value : value, most);
                for (var copies = 3 / channels; copies > 0; copies--)
                    pixels[target++] = level;
            }
        }
        return new DecodedPixels(width, height, 3, pixels);
    }

    /// <summary>Of 16 bits the upper 8, as in PNG; else the nearest.</summary>
    private static byte Level(int value, int most) => (byte)(most == ushort.MaxValue ? value >> 8 : (value * byte.MaxValue + most / 2) / most);

    /// <summary>A number in digits, behind blanks and comments.</summary>
    private int Number()
    {
        var number = -1;
        for (Skip(); _at < _file.Length && char.IsAsciiDigit((char)_file[_at]); _at++)
            if ((number = Math.Max(number, 0) * 10 + _file[_at] - '0') > 100_000_000)
                throw Refusal.Damaged(_name, "a number is too large");
        // A number that ends with the file may have gone on.
        return _at == _file.Length ? throw Refusal.Damaged(_name) : number >= 0 ? number : throw Refusal.Damaged(_name, "there is no number where one must be");
    }

    /// <summary>A digit, with or without blanks to the next.</summary>
    private int Bit()
    {
        Skip();
        return _at < _file.Length && _file[_at] is (byte)'0' or (byte)'1' ? _file[_at++] - '0' : throw Refusal.Damaged(_name);
    }

    private void Skip()
    {
        for (; _at < _file.Length && (char.IsWhiteSpace((char)_file[_at]) || _file[_at] == '#'); _at++)
            if (_file[_at] == '#')
                _at = _file[_at..].IndexOfAny((byte)'\n', (byte)'\r') is >= 0 and var length ? _at + length : _file.Length - 1;
    }
}
