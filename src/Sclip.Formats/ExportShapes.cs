namespace Sclip.Formats;

/// <summary>How formats that can hold either write a region.</summary>
public enum ExportShapes
{
    /// <summary>As the format's tools like it best.</summary>
    Auto,

    /// <summary>As polygons; one with holes is cut open to them, so that it is a single outline.</summary>
    Polygon,

    /// <summary>As run-length encoded masks, which are exact.</summary>
    Mask,
}
