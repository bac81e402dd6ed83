using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation.Labelling;

/// <summary>The embeddings of all names, packed as the right factor of the product with features; those used last are kept.</summary>
internal sealed class NamePanels : IDisposable
{
    private (LabelEmbeddings Labels, PackedMatrix Packed)? _last;

    public PackedMatrix Of(LabelEmbeddings labels)
    {
        if (_last is { } known && ReferenceEquals(known.Labels, labels))
            return known.Packed;
        Dispose();
        var packed = new PackedMatrix(labels.Dimension, labels.ClassOfName.Length, GemmKernel.Best);
        packed.SetColumns(0, labels.Values);
        _last = (labels, packed);
        return packed;
    }

    public void Dispose()
    {
        _last?.Packed.Dispose();
        _last = null;
    }
}
