namespace Sclip.Formats.Importing.Coco;

/// <summary>A picture of a COCO file.</summary>
/// <param name="Name">Its name, '/' between folders.</param>
/// <param name="Width">Its width; null where the file tells none that can be one.</param>
/// <param name="Height">Its height.</param>
internal readonly record struct CocoPicture(string Name, long? Width, long? Height)
{
    /// <summary>How many pixels it is said to have.</summary>
    public long Pixels => ImportFiles.Pixels(Width, Height);
}
