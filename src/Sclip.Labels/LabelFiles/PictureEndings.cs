namespace Sclip.Labels;

/// <summary>What the names of pictures end with: a text that ends so is one of them and no class.</summary>
internal static class PictureEndings
{
    /// <summary>Alternatives of a pattern.</summary>
    public const string Pattern = "jpe?g|png|bmp|gif|tiff?|webp|heic|heif|avif|tga|p[bgnp]m";
}
