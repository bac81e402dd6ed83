using Sclip.Segmentation;
using Sclip.Segmentation.Checkpoints;

namespace Sclip.Worker.Models;

/// <summary>Makes a model directory of one whose weights are PyTorch's. It grows in a hidden folder beside its place, and is renamed when it is complete.</summary>
public static class ModelConversion
{
    /// <summary>Converts a model.</summary>
    /// <param name="source">
    /// A directory with pytorch_model.bin, its shards or open_clip_pytorch_model.bin, or such a file, beside which the model's small files lie; or a file of OpenAI's names,
    /// such as its TorchScript archives, or a checkpoint of TCL, SegCLIP or EVA02-CLIP, beside which there need be none.
    /// </param>
    /// <param name="target">The new directory; there is none yet, or an empty one.</param>
    /// <param name="progress">Told how far the weights are.</param>
    /// <param name="notify">Told of what was taken for granted.</param>
    /// <param name="cancellationToken">Ends the conversion, of which nothing is left then.</param>
    /// <exception cref="ModelFormatException">The source is no CLIP, or a file is missing or damaged.</exception>
    /// <exception cref="ModelHubException">The target is not empty, or cannot be written.</exception>
    public static void Run(string source, string target, IProgress<PullProgress> progress, Action<string> notify, CancellationToken cancellationToken)
    {
        var (folder, files) = Find(source);
        target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(target));
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
            throw new ModelHubException($"{target} is not empty. Choose another --out, new or empty.");
        var growing = Path.Combine(Path.GetDirectoryName(target) ?? target, $".{Path.GetFileName(target)}.{Guid.NewGuid():n}.part");
        try
        {
            Directory.CreateDirectory(growing);
            var own = files is [var single] ? UndescribedWeights.Read(single) : null;
            var openAi = own is null && files is [var file] ? OpenAiWeights.Read(file) : null;
            var described = own is null || UndescribedWeights.AreDescribedIn(folder);
            if (!described)
                Write(own!.SmallFiles(), growing);
            var layout = openAi is null ? ModelLayout.HuggingFace.In(described ? folder : growing) : ModelLayout.OpenClip;
            if (openAi is null && described)
                layout.RequireSmallFiles(folder);
            if (described && (openAi is null || (!openAi.IsScript && IsThere(layout.Config))))
                File.Copy(Path.Combine(folder, layout.Config), Path.Combine(growing, layout.Config));
            else if (openAi is not null)
                WriteConfig(openAi, files[0], Path.Combine(growing, layout.Config), notify);
            foreach (var name in layout.SmallFiles(IsThere).Where(name => !File.Exists(Path.Combine(growing, name))))
                File.Copy(Path.Combine(folder, name), Path.Combine(growing, name));
            layout.RequireSmallFiles(growing);
            layout.Convert(files, growing, progress, cancellationToken);
            layout.RequireWeights(growing);
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

        bool IsThere(string name) => File.Exists(Path.Combine(folder, name));
    }

    private static void Write(IReadOnlyList<(string Name, string Content)> files, string folder)
    {
        foreach (var (name, content) in files)
            File.WriteAllText(Path.Combine(folder, name), content);
    }

    private static void WriteConfig(OpenAiWeights weights, string file, string path, Action<string> notify)
    {
        File.WriteAllText(path, weights.Config());
        if (!weights.IsCertain)
            notify($"{file} does not say by whom it was trained: it is taken for a model as OpenAI's, with QuickGELU and heads of width 64. If it was trained with OpenCLIP, lay its {Path.GetFileName(path)} beside it and convert it again.");
    }

    private static (string Folder, IReadOnlyList<string> Files) Find(string source)
    {
        if (File.Exists(source))
            return (Path.GetDirectoryName(Path.GetFullPath(source))!, [Path.GetFullPath(source)]);
        if (!Directory.Exists(source))
            throw new ModelFormatException($"{source} does not exist.");
        if (PyTorchWeights.AreIn(source))
            return (source, PyTorchWeights.FilesOf(source));
        if (Path.Combine(source, ModelLayout.OpenClip.Checkpoint) is var checkpoint && File.Exists(checkpoint))
            return (source, [checkpoint]);
        var converted = ((string[])[ModelLayout.HuggingFace.Weights, ModelLayout.HuggingFace.WeightsIndex, ModelLayout.OpenClip.Weights]).Any(name => File.Exists(Path.Combine(source, name)));
        throw new ModelFormatException(converted
            ? $"{source} has its weights as safetensors already; it needs no conversion."
            : $"{source} has no {PyTorchWeights.FileName} and no {ModelLayout.OpenClip.Checkpoint}.");
    }
}
