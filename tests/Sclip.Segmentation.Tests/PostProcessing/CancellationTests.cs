using Sclip.Segmentation.Inspection;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.PostProcessing;
using Sclip.Segmentation.Refinement;
using Sclip.Segmentation.Tests.Kernels;
using Sclip.Segmentation.Windows;

namespace Sclip.Segmentation.Tests.PostProcessing;

/// <summary>What takes seconds behind the windows, where pixels or names are many, ends soon after it is cancelled.</summary>
public sealed unsafe class CancellationTests : IDisposable
{
    private const int Patch = 16, Names = 5;
    private readonly Threads _threads = new(2);
    private readonly CancellationToken _cancelled = new(canceled: true);

    public void Dispose() => _threads.Dispose();

    [Fact]
    public void Cosines_of_a_view_are_not_taken_once_it_is_cancelled()
    {
        var labels = new LabelEmbeddings { Values = new float[Names], Dimension = 1, ClassOfName = [.. Enumerable.Range(0, Names)], ClassCount = Names };
        using var logits = new LogitMap(Patch, Patch, Names, patches: 1);
        fixed (float* patch = Reference.Random(logits.Stride, 1))
            logits.AddWindow(patch, 1, 1, new Window(0, 0, Patch, Patch), _threads);
        var input = new SegmentationInput { Rgb = new byte[3 * Patch * Patch], Width = Patch, Height = Patch, OutputWidth = Patch, OutputHeight = Patch };
        var output = new DenseOutputsBuilder(input, PatchCut.Whole(Patch), dimension: 1);
        output.TakeCosines(logits, labels, _threads, TestContext.Current.CancellationToken);
        Assert.Throws<OperationCanceledException>(() => output.TakeCosines(logits, labels, _threads, _cancelled));
    }

    [Fact]
    public void Weights_of_a_refinement_are_not_made_and_its_steps_not_taken_once_it_is_cancelled()
    {
        Assert.Throws<OperationCanceledException>(() => Refinement(_cancelled));
        var refinement = Refinement(TestContext.Current.CancellationToken);
        Assert.Throws<OperationCanceledException>(() => refinement.Refine(_cancelled));
    }

    private Pamr Refinement(CancellationToken cancellationToken) => new(Reference.Random(3 * Patch * Patch, 1), 3, Patch, Patch, steps: 2, [1, 2], _threads, cancellationToken);
}
