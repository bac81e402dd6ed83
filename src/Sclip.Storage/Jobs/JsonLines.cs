namespace Sclip.Storage.Jobs;

/// <summary>Documents of many lines, each a JSON value.</summary>
internal static class JsonLines
{
    /// <summary>The lines, without their ends; empty ones are passed over.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Split(byte[] content)
    {
        for (ReadOnlyMemory<byte> rest = content; rest.Length > 0;)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            if (line.Length > 0)
                yield return line;
            rest = end < 0 ? default : rest[(end + 1)..];
        }
    }

    /// <summary>A document of these lines.</summary>
    public static byte[] Join(IEnumerable<byte[]> lines)
    {
        var joined = new MemoryStream();
        foreach (var line in lines)
        {
            joined.Write(line);
            joined.WriteByte((byte)'\n');
        }
        return joined.ToArray();
    }
}
