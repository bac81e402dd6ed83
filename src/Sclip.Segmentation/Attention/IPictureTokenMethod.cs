using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Vision;

namespace Sclip.Segmentation.Attention;

/// <summary>A method whose windows are told what the whole picture is: it looks at that once, before the picture's windows, where there are several.</summary>
internal interface IPictureTokenMethod : IWindowMethod
{
    /// <summary>The feature of a whole picture, <c>[1, embedding size]</c>, not of unit length; windows have it by <see cref="WindowTower.PictureToken"/>.</summary>
    /// <param name="picture">The picture as one window.</param>
    Matrix PictureToken(WindowTower picture);
}
