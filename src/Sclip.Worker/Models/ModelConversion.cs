using Sclip.Segmentation;
using Sclip.Segmentation.Checkpoints;

namespace Sclip.Worker.Models;

/// <summary>Makes a model directory of one whose weights are PyTorch's. It grows in a hidden folder beside its place, and is renamed when it is complete.</summary>
public static class ModelConversion
{
    /// <summary>Converts a model.</summary>
    /// <param name="source">A directory with pytorch_model.bin or its shards, or such a file, beside which the model's small files lie.</param>
    /// <param name="target">The new directory; there is none yet, or an empty one.</param>
    /// <param name="progress">Told how far the weights are.</param>
    /// <param name="cancellationToken">Ends the conversion, of which nothing is left then.</param>
    /// <exception cref="ModelFormatException">The source is no CLIP, or a file is missing or damaged.</exception>
    /// <exception cref="ModelHubException">The target is not empty, or cannot be written.</exception>
    public static void Run(string source, string target, IProgress<PullProgress> progress, CancellationToken cancellationToken)
    {
        var (folder, files) = Find(source);
        target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(target));
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
            throw new ModelHubException($"{target} is not empty. Choose another --out, new or empty.");
        var growing = Path.Combine(Path.GetDirectoryName(target) ?? target, $".{Path.GetFileName(target)}.{Guid.NewGuid():n}.part");
        try
        {
            Directory.CreateDirectory(growing);
            Copy(folder, ModelLayout.Required[0], growing);
            var isGuide = GuideConfig.IsIn(growing);
            foreach (var name in isGuide ? [] : ModelLayout.Required[1..])
                Copy(folder, name, growing);
            foreach (var name in (isGuide ? ModelLayout.OptionalOfGuides : ModelLayout.Optional).Where(name => File.Exists(Path.Combine(folder, name))))
                Copy(folder, name, growing);
            if (isGuide)
                GuideConfig.Load(growing);
            else
                ClipConfig.Load(growing);
            PyTorchWeights.Convert(files, Path.Combine(growing, ModelLayout.Weights), (bytes, total) => progress.Report(new(ModelLayout.Weights, bytes, total, Done: bytes == total)), cancellationToken);
            if (isGuide)
                GuideSummary.Read(growing);
            else
                ModelSummary.Read(growing);
            cancellationToken.ThrowIfCancellationRequested();
            if (Directory.Exists(target))
                Directory.Delete(target);
            Directory.Move(growing, target);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModelHubException($"{target} cannot be written: {error.Message}", error);
        }
        finally
        {
            if (Directory.Exists(growing))
                Directory.Delete(growing, recursive: true);
        }
    }

    private static (string Folder, IReadOnlyList<string> Files) Find(string source)
    {
        if (File.Exists(source))
            return (Path.GetDirectoryName(Path.GetFullPath(source))!, [Path.GetFullPath(source)]);
        if (!Directory.Exists(source))
            throw new ModelFormatException($"{source} does not exist.");
        if (PyTorchWeights.AreIn(source))
            return (source, PyTorchWeights.FilesOf(source));
        var converted = File.Exists(Path.Combine(source, ModelLayout.Weights)) || File.Exists(Path.Combine(source, ModelLayout.WeightsIndex));
        throw new ModelFormatException(converted
            ? $"{source} has its weights as safetensors already; it needs no conversion."
            : $"{source} has no {PyTorchWeights.FileName}.");
    }

    private static void Copy(string folder, string name, string target)
    {
        var path = Path.Combine(folder, name);
        if (!File.Exists(path))
            throw new ModelFormatException($"{path} is missing; a model needs it beside its weights.");
        File.Copy(path, Path.Combine(target, name));
    }
}
