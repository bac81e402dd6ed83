using System.Text;
using System.Text.RegularExpressions;
using CsCheck;

namespace Sclip.Testing;

/// <summary>What becomes of files on the way: cut off, overwritten, doubled, or with other values where a reader trusts them.</summary>
public static partial class Damage
{
    private const int Far = 1 << 20;

    // Bytes as Latin-1; the last two are texts that are no valid Unicode.
    private static readonly Gen<string> Value = Gen.OneOf(
        "-1", "0", "1", "3", "255", "2147483648", "4294967296", "9223372036854775807", "1e400", "0.5", "null", "true", "False", "[]", "[[", "{}", "\"\"", "\"I64\"", "'<f8'", "1 2", "\"\\ud800\"", "\"\u00ff\"");

    private static readonly Gen<Func<byte[], byte[]>> Fault = Gen.OneOf(
        Gen.Select(Gen.Int[0, Far], Value, Token),
        Gen.Select(Gen.Int[0, Far], Gen.Byte, (at, value) => Edit(at, 1, _ => [value])),
        Gen.Select(Gen.Int[0, Far], Gen.Int[1, 9], (at, length) => Edit(at, length, _ => [])),
        Gen.Select(Gen.Int[0, Far], Gen.Byte.Array[1, 9], (at, bytes) => Edit(at, 0, _ => bytes)),
        Gen.Select(Gen.Int[0, Far], Gen.Int[1, 90], (at, length) => Edit(at, length, part => [.. part, .. part])),
        Gen.Int[0, Far].Select(at => Edit(at, int.MaxValue, _ => [])));

    /// <summary>Files with one to three faults.</summary>
    public static Gen<byte[]> Damaged(this Gen<byte[]> files) => Gen.Select(files, Fault.Array[1, 3], (file, faults) => faults.Aggregate(file, (bytes, fault) => fault(bytes)));

    /// <summary>A file as it is shown with a failure.</summary>
    public static string Print(byte[] file) => string.Concat(file.Select(value => value is >= (byte)' ' and < 127 ? ((char)value).ToString() : $"<{value:x2}>"));

    /// <summary>Puts something else in the place of some bytes.</summary>
    private static Func<byte[], byte[]> Edit(int at, int length, Func<byte[], byte[]> other) => file =>
    {
        var start = at % (file.Length + 1);
        var end = (int)Math.Min((long)start + length, file.Length);
        return [.. file[..start], .. other(file[start..end]), .. file[end..]];
    };

    /// <summary>Puts another value in the place of a number or a quoted text.</summary>
    private static Func<byte[], byte[]> Token(int at, string value) => file =>
    {
        var tokens = Tokens().Matches(Encoding.Latin1.GetString(file));
        return tokens.Count == 0 ? file : Edit(tokens[at % tokens.Count].Index, tokens[at % tokens.Count].Length, _ => Encoding.Latin1.GetBytes(value))(file);
    };

    [GeneratedRegex("\"[^\"]*\"|'[^']*'|-?[0-9.]+|true|false|null|True|False")]
    private static partial Regex Tokens();
}
