using Sclip.Evaluation.Predictions;
using Sclip.Imaging;

namespace Sclip.Evaluation.Reports;

/// <summary>The pictures that were labelled, to be shown beside their masks.</summary>
public sealed class PictureFolder
{
    private readonly string _root;

    /// <summary>Names a folder.</summary>
    /// <exception cref="EvaluationException">It does not exist.</exception>
    public PictureFolder(string root) => _root = Directory.Exists(root) ? root : throw new EvaluationException($"The folder of pictures {root} does not exist.");

    /// <summary>A picture by one of its names, with or without ending; null where there is none that can be shown, which spoils no report.</summary>
    public RgbImage? Find(IEnumerable<string> names, ImageLimits limits)
    {
        var path = names.SelectMany(name => PictureEndings.All.Select(ending => name + ending).Prepend(name)).Select(name => Path.Combine(_root, name)).FirstOrDefault(File.Exists);
        try
        {
            return path is null ? null : new WatchedDecoder().Run(path, File.ReadAllBytes(path), limits);
        }
        catch (Exception error) when (error is ImageDecodeException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
