using System.Text;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;

namespace Sclip.Formats.Importing;

/// <summary>The names of pictures whose masks lie in one folder; held are digests of them and of their folders.</summary>
internal sealed class MaskNames
{
    private const int LongestPart = 255;
    private readonly HashSet<UInt128> _masks = [], _folders = [];

    /// <summary>Takes a picture.</summary>
    /// <returns>Whether it is new.</returns>
    public bool Add(string picture) => _masks.Add(NameDigest.Of(OutputNames.Mask(picture)));

    /// <summary>Why the mask of a picture that was taken cannot lie beside the others; null where it can.</summary>
    public string? Clash(string picture)
    {
        var mask = OutputNames.Mask(picture);
        if (mask.Split('/').FirstOrDefault(part => Encoding.UTF8.GetByteCount(part) > LongestPart) is { } part)
            return $"its mask would be called '{JobNames.Shown(part)}', which has {Encoding.UTF8.GetByteCount(part)} bytes, more than the {LongestPart} that file systems take.";
        if (_folders.Contains(NameDigest.Of(mask)))
            return $"its mask {JobNames.Shown(mask)} would lie where the folder of other pictures' masks is. Import it apart, or rename one of them.";
        for (var slash = mask.LastIndexOf('/'); slash > 0; slash = mask.LastIndexOf('/', slash - 1))
        {
            var folder = mask[..slash];
            if (_masks.Contains(NameDigest.Of(folder)))
                return $"its mask would lie in the folder {JobNames.Shown(folder)}, which is the mask of another picture. Import it apart, or rename one of them.";
            _folders.Add(NameDigest.Of(folder));
        }
        return null;
    }
}
