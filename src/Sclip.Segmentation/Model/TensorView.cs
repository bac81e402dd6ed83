namespace Sclip.Segmentation;

/// <summary>A tensor under the name and in the shape that the forward passes ask for, out of one that a file has under another name.</summary>
/// <param name="Name">Hugging Face's name.</param>
/// <param name="Shape">The shape that is asked for.</param>
/// <param name="Stored">The file's name.</param>
/// <param name="StoredShape">The shape in the file.</param>
/// <param name="Part">Which run of the stored values it is, where several tensors are stored as one, one below the other.</param>
/// <param name="Transposed">Whether the file has rows for its columns.</param>
internal sealed record TensorView(string Name, int[] Shape, string Stored, int[] StoredShape, int Part = 0, bool Transposed = false);
