namespace Sclip.Formats.Regions;

/// <summary>Pixels of one class that hang together.</summary>
/// <param name="Index">Its place among those of the picture.</param>
/// <param name="Class">The index of its class.</param>
/// <param name="Area">Its pixels.</param>
/// <param name="Box">Its bounds.</param>
internal sealed record Region(int Index, ushort Class, int Area, Box Box);
