using System.Globalization;

namespace Sclip.Segmentation.Checkpoints;

/// <summary>What the instructions are called that are refused, so that a message says more than a number.</summary>
internal static class PickleInstructions
{
    private static readonly Dictionary<byte, string> Names = new()
    {
        [(byte)'0'] = "POP",
        [(byte)'1'] = "POP_MARK",
        [(byte)'2'] = "DUP",
        [(byte)'F'] = "FLOAT",
        [(byte)'I'] = "INT",
        [(byte)'L'] = "LONG",
        [(byte)'P'] = "PERSID",
        [(byte)'S'] = "STRING",
        [(byte)'T'] = "BINSTRING",
        [(byte)'U'] = "SHORT_BINSTRING",
        [(byte)'V'] = "UNICODE",
        [(byte)'B'] = "BINBYTES",
        [(byte)'C'] = "SHORT_BINBYTES",
        [(byte)']'] = "EMPTY_LIST",
        [(byte)'l'] = "LIST",
        [(byte)'a'] = "APPEND",
        [(byte)'e'] = "APPENDS",
        [(byte)'d'] = "DICT",
        [(byte)'g'] = "GET",
        [(byte)'p'] = "PUT",
        [(byte)'i'] = "INST",
        [(byte)'o'] = "OBJ",
        [0x81] = "NEWOBJ",
        [0x82] = "EXT1",
        [0x83] = "EXT2",
        [0x84] = "EXT4",
        [0x8b] = "LONG4",
        [0x8e] = "BINBYTES8",
        [0x8f] = "EMPTY_SET",
        [0x90] = "ADDITEMS",
        [0x91] = "FROZENSET",
        [0x92] = "NEWOBJ_EX",
        [0x96] = "BYTEARRAY8",
        [0x97] = "NEXT_BUFFER",
        [0x98] = "READONLY_BUFFER",
    };

    public static string Describe(byte code) => string.Create(CultureInfo.InvariantCulture, $"0x{code:x2} ({Names.GetValueOrDefault(code, "unknown")})");
}
