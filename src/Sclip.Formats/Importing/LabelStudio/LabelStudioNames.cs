namespace Sclip.Formats.Importing.LabelStudio;

/// <summary>
/// The names of pictures in Label Studio's addresses. A path alone is the name as it is, and so is the key behind the bucket of <c>s3://BUCKET/…</c> and
/// its like. Of <c>https://HOST/…</c> it is the path behind the host; of a local file, what stands behind <c>?d=</c>; of an upload, what stands behind
/// <c>/data/upload/N/</c>. These are unescaped. All keep their folders.
/// </summary>
internal static class LabelStudioNames
{
    private const string Local = "/data/local-files/?d=", Upload = "/data/upload/", Data = "/data/";

    public static string Of(string address)
    {
        var path = address;
        if (path.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme)
        {
            path = path.IndexOf('/', scheme + 3) is >= 0 and var behind ? path[behind..] : "";
            if (!address.StartsWith("http", StringComparison.OrdinalIgnoreCase))
                return path.TrimStart('/');
        }
        else if (!path.StartsWith(Data, StringComparison.Ordinal))
            return path.TrimStart('/');
        if (path.IndexOf(Local, StringComparison.Ordinal) is >= 0 and var local)
            path = path[(local + Local.Length)..].Split('&')[0];
        else
            path = path.Split('?', '#')[0];
        if (path.IndexOf(Upload, StringComparison.Ordinal) is >= 0 and var upload)
        {
            path = path[(upload + Upload.Length)..];
            // The number of the project.
            if (path.IndexOf('/', StringComparison.Ordinal) is > 0 and var number && path.AsSpan(0, number).IndexOfAnyExceptInRange('0', '9') < 0)
                path = path[number..];
        }
        return Uri.UnescapeDataString(path).TrimStart('/');
    }
}
