namespace Sclip.Formats.Importing;

/// <summary>Names of pictures as other tools write them.</summary>
internal static class PictureNames
{
    /// <summary>A path with '/' between folders, from no root on: <c>C:\data\a.jpg</c>, <c>./a.jpg</c>, <c>/data/a.jpg</c>.</summary>
    public static string Clean(string name)
    {
        var clean = name.Replace('\\', '/');
        while (clean.StartsWith("./", StringComparison.Ordinal) || clean.StartsWith('/'))
            clean = clean[(clean[0] == '/' ? 1 : 2)..];
        return clean;
    }

    /// <summary>The last part of an address, such as a picture has that is known by that alone.</summary>
    public static string OfAddress(string address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) ? Uri.UnescapeDataString(uri.Segments[^1]) : Path.GetFileName(address);
}
