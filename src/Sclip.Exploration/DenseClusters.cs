using System.Numerics.Tensors;
using Sclip.Segmentation;

namespace Sclip.Exploration;

/// <summary>Clusters the dense features of one method over all pictures, and tells which names lie nearest.</summary>
internal sealed class DenseClusters
{
    private const int Seed = 20231202;
    private const int NamesTold = 3;

    private readonly List<DenseOutputs> _pictures = [];

    /// <summary>Patches of all pictures.</summary>
    public int Patches => _pictures.Sum(output => output.GridHeight * output.GridWidth);

    /// <summary>Adds a picture; only its features are kept.</summary>
    public void Add(DenseOutputs output) => _pictures.Add(new DenseOutputs
    {
        Result = output.Result,
        Cosines = [],
        Features = output.Features,
        GridHeight = output.GridHeight,
        GridWidth = output.GridWidth,
        Dimension = output.Dimension,
    });

    /// <summary>Clusters all patches by the direction of their features.</summary>
    /// <returns>The clusters that have patches, and the cluster of each patch of each picture.</returns>
    public (ClusterFinding[] Clusters, int[][] Assigned) Find(int clusters, LabelEmbeddings labels, IReadOnlyList<string> names, double logitScale, CancellationToken cancellationToken)
    {
        var (dimension, patches) = (labels.Dimension, Patches);
        var units = _pictures.SelectMany(output => output.Features).ToArray();
        for (var row = 0; row < patches; row++)
        {
            var unit = units.AsSpan(row * dimension, dimension);
            TensorPrimitives.Divide(unit, TensorPrimitives.Norm<float>(unit), unit);
        }
        var assigned = KMeans.Assign(units, dimension, clusters, Seed, cancellationToken);
        var colors = ClusterColors.Of(clusters);
        var findings = assigned.CountBy(cluster => cluster).OrderBy(item => item.Key).Select(item =>
        {
            var nearest = Nearest(MeanOf(item.Key, assigned, item.Value, dimension), labels, names);
            return new ClusterFinding { Color = colors[item.Key], Share = (double)item.Value / patches, Nearest = nearest, Hint = Hints.OfCluster(nearest, logitScale) };
        });
        var (parts, first) = (new List<int[]>(), 0);
        foreach (var output in _pictures)
        {
            parts.Add(assigned[first..(first + output.GridHeight * output.GridWidth)]);
            first += output.GridHeight * output.GridWidth;
        }
        return ([.. findings], [.. parts]);
    }

    /// <summary>The mean of a cluster's features as they are, so that its product with a label embedding is the mean cosine.</summary>
    private float[] MeanOf(int cluster, int[] assigned, int members, int dimension)
    {
        var (mean, patch) = (new float[dimension], 0);
        foreach (var output in _pictures)
            for (var i = 0; i < output.GridHeight * output.GridWidth; i++)
                if (assigned[patch++] == cluster)
                    TensorPrimitives.Add(mean, output.Features.AsSpan(i * dimension, dimension), mean);
        TensorPrimitives.Divide(mean, members, mean);
        return mean;
    }

    private static (string Name, double Cosine)[] Nearest(float[] mean, LabelEmbeddings labels, IReadOnlyList<string> names)
    {
        var cosines = new double[labels.ClassCount];
        Array.Fill(cosines, double.NegativeInfinity);
        for (var name = 0; name < labels.ClassOfName.Length; name++)
        {
            ref var best = ref cosines[labels.ClassOfName[name]];
            best = Math.Max(best, TensorPrimitives.Dot(mean, labels.Values.AsSpan(name * labels.Dimension, labels.Dimension)));
        }
        return [.. cosines.Select((cosine, label) => (names[label], cosine)).OrderByDescending(item => item.cosine).Take(NamesTold)];
    }
}
