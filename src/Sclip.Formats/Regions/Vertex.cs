namespace Sclip.Formats.Regions;

/// <summary>A corner of an outline, in pixels from the upper left corner of the picture: pixel (x, y) covers x..x+1 and y..y+1.</summary>
internal readonly record struct Vertex(double X, double Y);
