namespace Sclip.Segmentation.Checkpoints;

/// <summary>Weights as PyTorch saves them, and their conversion to safetensors. Nothing in them is executed.</summary>
public static class PyTorchWeights
{
    /// <summary>The file that a model directory has them in.</summary>
    public const string FileName = "pytorch_model.bin";

    /// <summary>The index of a model directory that has them in several files.</summary>
    public const string IndexName = "pytorch_model.bin.index.json";

    private const string Converting = ".converting";
    private const int MostNamesShown = 5;

    // One of each part of a CLIP; whether all are there and of the right shapes, loading tells.
    private static readonly string[] Needed =
        ["vision_model.embeddings.patch_embedding.weight", "text_model.embeddings.token_embedding.weight", "visual_projection.weight", "text_projection.weight"];

    /// <summary>Whether a directory has such weights.</summary>
    public static bool AreIn(string directory) => File.Exists(Path.Combine(directory, FileName)) || File.Exists(Path.Combine(directory, IndexName));

    /// <summary>The files of a directory's weights: one, or those that its index lists.</summary>
    /// <exception cref="ModelFormatException">There are none, or the index is damaged.</exception>
    public static IReadOnlyList<string> FilesOf(string directory)
    {
        var (single, index) = (Path.Combine(directory, FileName), Path.Combine(directory, IndexName));
        return File.Exists(single) || !File.Exists(index) ? [single] : [.. ShardIndex.Read(index).Select(shard => Path.Combine(directory, shard))];
    }

    /// <summary>Writes the weights of checkpoints into one safetensors file, which has its name only once it is complete.</summary>
    /// <param name="files">The checkpoint, or its shards.</param>
    /// <param name="target">The safetensors file.</param>
    /// <param name="progress">Told the bytes that are written, and how many there will be.</param>
    /// <param name="cancellationToken">Ends the conversion, of which nothing is left then.</param>
    /// <exception cref="ModelFormatException">A file is no checkpoint of a CLIP in Hugging Face naming, or holds something else than weights.</exception>
    public static void Convert(IReadOnlyList<string> files, string target, Action<long, long>? progress, CancellationToken cancellationToken) =>
        Convert(files, target, Needed, progress, cancellationToken);

    /// <summary>The same of other names, which stay, such as OpenAI's; whether all are there, opening them tells.</summary>
    /// <param name="files">The checkpoint.</param>
    /// <param name="target">The safetensors file.</param>
    /// <param name="progress">Told the bytes that are written, and how many there will be.</param>
    /// <param name="cancellationToken">Ends the conversion, of which nothing is left then.</param>
    /// <exception cref="ModelFormatException">A file holds something else than weights.</exception>
    public static void ConvertAsNamed(IReadOnlyList<string> files, string target, Action<long, long>? progress, CancellationToken cancellationToken) =>
        Convert(files, target, [], progress, cancellationToken);

    private static void Convert(IReadOnlyList<string> files, string target, string[] needed, Action<long, long>? progress, CancellationToken cancellationToken)
    {
        var checkpoints = new List<PyTorchCheckpoint>();
        var growing = target + Converting;
        try
        {
            foreach (var file in files)
                checkpoints.Add(PyTorchCheckpoint.Open(file));
            var tensors = checkpoints.SelectMany(checkpoint => checkpoint.Tensors).ToList();
            Check(files[0], tensors, needed, checkpoints.Sum(checkpoint => checkpoint.Length));
            using (var output = new FileStream(growing, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 20))
                SafeTensorWriter.Write(output, tensors, progress, cancellationToken);
            File.Move(growing, target, overwrite: true);
        }
        finally
        {
            File.Delete(growing);
            foreach (var checkpoint in checkpoints)
                checkpoint.Dispose();
        }
    }

    private static void Check(string path, List<CheckpointTensor> tensors, string[] needed, long length)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (tensors.Find(tensor => !names.Add(tensor.Name)) is { } twice)
            throw new ModelFormatException($"{path}: {twice.Name.Shown()} is there twice.");
        if (Array.Find(needed, name => !names.Contains(name)) is { } missing)
        {
            var seen = names.Count == 0 ? "nothing" : $"{string.Join(", ", names.Take(MostNamesShown).Select(name => name.Shown()))}{(names.Count > MostNamesShown ? $" and {names.Count - MostNamesShown} more" : "")}";
            throw new ModelFormatException($"{path} is no CLIP in Hugging Face naming: {missing} is missing; it has {seen}.");
        }
        // Tied weights lie in a checkpoint once; that all of it is written several times over is no model.
        if (tensors.Sum(tensor => (decimal)tensor.Bytes) > 2 * (decimal)length)
            throw new ModelFormatException($"{path}: its weights share their values so often that they would take more than twice the checkpoint's {length} bytes.");
    }
}
