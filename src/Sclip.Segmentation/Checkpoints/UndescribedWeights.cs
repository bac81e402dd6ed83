using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sclip.Segmentation.Checkpoints;

/// <summary>A checkpoint of a system whose authors publish no configuration, and what its shapes tell of its architecture: TCL's or SegCLIP's.</summary>
public sealed class UndescribedWeights
{
    private static readonly (Func<CheckpointShapes, bool> Are, Func<CheckpointShapes, IEnumerable<(string, JsonObject)>> SmallFiles)[] Systems =
        [(TclShapes.Are, TclShapes.SmallFiles), (SegClipShapes.Are, SegClipShapes.SmallFiles)];

    private readonly CheckpointShapes _shapes;
    private readonly Func<CheckpointShapes, IEnumerable<(string Name, JsonObject Content)>> _smallFiles;

    private UndescribedWeights(CheckpointShapes shapes, Func<CheckpointShapes, IEnumerable<(string, JsonObject)>> smallFiles) => (_shapes, _smallFiles) = (shapes, smallFiles);

    /// <summary>Reads the names and shapes of a checkpoint; null where the names are others.</summary>
    /// <exception cref="ModelFormatException">It is none, or holds something else than weights.</exception>
    public static UndescribedWeights? Read(string path)
    {
        using var checkpoint = PyTorchCheckpoint.Open(path);
        var shapes = new CheckpointShapes(path, checkpoint.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Shape, StringComparer.Ordinal));
        return Array.Find(Systems, system => system.Are(shapes)).SmallFiles is { } smallFiles ? new(shapes, smallFiles) : null;
    }

    /// <summary>Whether a directory has a configuration of the program's own form.</summary>
    public static bool AreDescribedIn(string directory) => ModelDirectory.IsOfOwnForm(directory);

    /// <summary>The small files of a model of these weights, by their names: config.json, and preprocessor_config.json where one is read.</summary>
    /// <exception cref="ModelFormatException">A tensor is missing, or the shapes do not tell enough.</exception>
    public IReadOnlyList<(string Name, string Content)> SmallFiles() =>
        [.. _smallFiles(_shapes).Select(file => (file.Name, file.Content.ToJsonString(new JsonSerializerOptions { WriteIndented = true })))];
}
