using Sclip.Contracts;

namespace Sclip.Imaging;

/// <summary>A class as an overlay shows it.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Color">Its colour.</param>
/// <param name="Share">Its share of the pixels, 0..1; a class without pixels is left out.</param>
public sealed record OverlayClass(string Name, RgbColor Color, double Share);
