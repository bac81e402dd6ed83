using System.Text;
using System.Text.RegularExpressions;
using CsCheck;

namespace Sclip.Testing;

/// <summary>What becomes of files on the way: cut off, overwritten, doubled, or with other values where a reader trusts them.</summary>
public static partial class Damage
{
    private const int Far = 1 << 20;

    private static readonly Gen<string> Number = Gen.OneOf("-1", "0", "1", "3", "255", "30000000", "2147483648", "4294967296", "9223372036854775807", "1e400", "0.5", "1 2");

    // Bytes as Latin-1; the last two are texts that are no valid Unicode.
    private static readonly Gen<string> Value = Gen.OneOf("null", "true", "False", "[]", "[[", "{}", "7", "\"\"", "\"F16\"", "\"I64\"", "'<f8'", "\"\\ud800\"", "\"\u00ff\"");

    private static readonly Gen<Func<byte[], byte[]>> Fault = Gen.Frequency(
        (3, Gen.Select(Gen.Int[0, Far], Number, (at, value) => Replace(Numbers(), at, value))),
        (3, Gen.Select(Gen.Int[0, Far], Value, (at, value) => Replace(Tokens(), at, value))),
        (1, Gen.Select(Gen.Int[0, Far], Gen.Byte, (at, value) => Edit(at, 1, _ => [value]))),
        (1, Gen.Select(Gen.Int[0, Far], Gen.Int[1, 9], (at, length) => Edit(at, length, _ => []))),
        (1, Gen.Select(Gen.Int[0, Far], Gen.Byte.Array[1, 9], (at, bytes) => Edit(at, 0, _ => bytes))),
        (1, Gen.Select(Gen.Int[0, Far], Gen.Int[1, 90], (at, length) => Edit(at, length, part => [.. part, .. part]))),
        (1, Gen.Int[0, Far].Select(at => Edit(at, int.MaxValue, _ => []))));

    /// <summary>One to three faults.</summary>
    public static Gen<Func<byte[], byte[]>> Faults { get; } = Fault.Array[1, 3].Select(faults => (Func<byte[], byte[]>)(file => faults.Aggregate(file, (bytes, fault) => fault(bytes))));

    /// <summary>Files with one to three faults.</summary>
    public static Gen<byte[]> Damaged(this Gen<byte[]> files) => Gen.Select(files, Faults, (file, faults) => faults(file));

    /// <summary>A file as it is shown with a failure.</summary>
    public static string Print(byte[] file) => string.Concat(file.Select(value => value is >= (byte)' ' and < 127 ? ((char)value).ToString() : $"<{value:x2}>"));

    /// <summary>Puts something else in the place of some bytes.</summary>
    private static Func<byte[], byte[]> Edit(int at, int length, Func<byte[], byte[]> other) => file =>
    {
        var start = at % (file.Length + 1);
        var end = (int)Math.Min((long)start + length, file.Length);
        return [.. file[..start], .. other(file[start..end]), .. file[end..]];
    };

    /// <summary>Puts a value in the place of another.</summary>
    private static Func<byte[], byte[]> Replace(Regex what, int at, string value) => file =>
    {
        var found = what.Matches(Encoding.Latin1.GetString(file));
        return found.Count == 0 ? file : Edit(found[at % found.Count].Index, found[at % found.Count].Length, _ => Encoding.Latin1.GetBytes(value))(file);
    };

    [GeneratedRegex("(?<![\"'a-zA-Z0-9.-])-?[0-9.]+")]
    private static partial Regex Numbers();

    [GeneratedRegex("\"[^\"]*\"|'[^']*'|-?[0-9.]+|true|false|null|True|False")]
    private static partial Regex Tokens();
}
