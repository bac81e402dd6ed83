using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;

namespace Sclip.Segmentation;

/// <summary>Hashes that tell models apart.</summary>
internal static class ModelFingerprint
{
    /// <summary>A hash of the small files whole, and of each tensor's name, shape and first 4 KiB.</summary>
    public static string Of(string directory, ClipConfig config, SafeTensors tensors)
    {
        const int HeadBytes = 4096;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in SmallFiles.Of(directory, config))
            hash.AppendData(SHA256.HashData(ModelFiles.ReadBytes(file)));
        foreach (var name in tensors.Names)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name} {string.Join(',', tensors.Shape(name))}\n"));
            hash.AppendData(tensors.Head(name, HeadBytes));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>A hash of the vision side, its tensors whole: features of pictures depend on it.</summary>
    public static string OfVision(SafeTensors tensors, ClipConfig config)
    {
        var hash = new XxHash128();
        foreach (var name in tensors.Names.Where(name => IsOfVision(name, config)))
        {
            hash.Append(Encoding.UTF8.GetBytes($"{name} {tensors.TypeOf(name)} {string.Join(',', tensors.Shape(name))}\n"));
            tensors.Append(name, hash);
        }
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    /// <summary>Of other systems than CLIP's it is all but the text tower.</summary>
    private static bool IsOfVision(string tensor, ClipConfig config) => config.Trained is null
        ? tensor.StartsWith("vision_model.", StringComparison.Ordinal) || tensor == "visual_projection.weight"
        : !tensor.StartsWith("text_", StringComparison.Ordinal);
}
