namespace Sclip.Formats;

/// <summary>How formats that can hold either write a region.</summary>
public enum ExportShapes
{
    /// <summary>A polygon, and a mask where a region has holes; of Label Studio a mask a class.</summary>
    Auto,

    /// <summary>As polygons; one with holes is cut open to them, so that it is a single outline. For readers that know no masks.</summary>
    Polygon,

    /// <summary>As run-length encoded masks, which are exact.</summary>
    Mask,
}
