namespace Sclip.Formats.Pictures;

/// <summary>How an export has the pictures themselves.</summary>
public enum PictureTransfer
{
    /// <summary>Not at all; it says where they belong.</summary>
    None,

    /// <summary>As copies where the format's readers look for them.</summary>
    Copy,

    /// <summary>As symbolic links; what has to be written anew is copied.</summary>
    Link,
}
