namespace Sclip.Formats.Writing;

/// <summary>What documents say of a picture itself.</summary>
/// <param name="Number">Its place among the results, from 1 on.</param>
/// <param name="Name">Its name, with what stands before it.</param>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
internal readonly record struct LabelledPictureHead(long Number, string Name, int Width, int Height)
{
    public static LabelledPictureHead Of(LabelledPicture picture, ExportContext context) => new(picture.Number, context.NameOf(picture), picture.Map.Width, picture.Map.Height);
}
