using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;
using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Guides;
using Sclip.Segmentation.Vision;

namespace Sclip.Segmentation;

/// <summary>
/// A guide: a vision transformer trained on pictures alone, by whose features some methods tell which patches belong together. A directory in Hugging Face
/// layout: config.json, model.safetensors, and preprocessor_config.json where mean and deviation of pixels are not ImageNet's.
/// </summary>
public sealed class GuideModel : IDisposable
{

    private readonly string[] _files;
    private readonly PixelNormalisation _normalisation;
    private readonly Lazy<string> _fingerprint;

    private GuideModel(string directory)
    {
        Config = GuideConfig.Load(directory);
        var preprocessor = PreprocessorFile.PathIn(directory);
        _files = [Path.Combine(directory, "config.json"), .. File.Exists(preprocessor) ? (string[])[preprocessor] : []];
        _normalisation = _files.Length > 1 ? PreprocessorFile.Load(directory, _ => { }) : PixelNormalisation.ImageNet;
        Tensors = SafeTensors.OpenDirectory(directory);
        Tensors.Expected = "a guide, saved as ViTModel, Dinov2Model or Dinov2WithRegistersModel";
        _fingerprint = new(Hash);
        try
        {
            Config.RequireAllLayers(Tensors);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The architecture.</summary>
    public GuideConfig Config { get; }

    /// <summary>A hash of its small files and of the weights, whole, on which all that it guides depends; made when it is first asked for.</summary>
    public string Fingerprint => _fingerprint.Value;

    internal SafeTensors Tensors { get; }

    /// <summary>Loads a guide's directory; its weights are read by the engines that it guides.</summary>
    /// <exception cref="ModelFormatException">A file is missing or corrupt, of another architecture, or the weights do not fit the configuration.</exception>
    public static GuideModel Load(string directory) => Directory.Exists(directory)
        ? new GuideModel(directory)
        : throw new ModelFormatException($"The guide's directory {directory} does not exist.");

    /// <summary>Refuses a guide that no engine can use; its weights are read whole.</summary>
    /// <exception cref="ModelFormatException">As <see cref="Load"/>, or weights are missing or not finite.</exception>
    public static void Require(string directory)
    {
        using var guide = Load(directory);
        using var _ = new GuideTransformer(guide, PixelNormalisation.ImageNet, new ManagedLayers());
    }

    /// <inheritdoc />
    public void Dispose() => Tensors.Dispose();

    /// <summary>Pixels as the guide sees them, of pixels as a CLIP does: <c>[3, height, width]</c>.</summary>
    internal float[] Planes(float[] planes, PixelNormalisation clip)
    {
        var (result, size) = (new float[planes.Length], planes.Length / 3);
        for (var channel = 0; channel < 3; channel++)
        {
            var factor = _normalisation.Factor(channel) / clip.Factor(channel);
            var offset = _normalisation.Offset(channel) - clip.Offset(channel) * factor;
            for (var i = channel * size; i < (channel + 1) * size; i++)
                result[i] = (float)(planes[i] * factor + offset);
        }
        return result;
    }

    private string Hash()
    {
        var hash = new XxHash128();
        foreach (var file in _files)
            hash.Append(SHA256.HashData(ModelFiles.ReadBytes(file)));
        foreach (var name in Tensors.Names)
        {
            hash.Append(Encoding.UTF8.GetBytes($"{name} {Tensors.TypeOf(name)} {string.Join(',', Tensors.Shape(name))}\n"));
            Tensors.Append(name, hash);
        }
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }
}
