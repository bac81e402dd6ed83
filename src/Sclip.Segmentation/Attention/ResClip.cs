using System.Numerics.Tensors;
using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Vision;

namespace Sclip.Segmentation.Attention;

/// <summary>
/// ResCLIP (arXiv 2411.15851), on top of another method's last block, in the paper NACLIP's; σ is the softmax over keys, s = 1 / sqrt(head dimension).
/// Residual Cross-correlation Self-attention (RCS, section 3.2): R = the mean of σ(s q kT) of the middle blocks, head by head, and the last block attends by
/// A = τ ((1 - λ) B + λ R), B being the other method's attention. Semantic Feedback Refinement (SFR, section 3.3): the features so far label the window
/// (<see cref="PatchLabels"/>), and a second pass attends by B = σ(τ' ((1 - λ') s k kT + λ' E) + G), E being how patches of one label belong together
/// (<see cref="SemanticFeedback"/>) and G the bias between neighbours where the other method has one. R goes into both passes.
/// The authors' code (yvhangyang/ResCLIP) goes beyond the paper in this: τ multiplies A, so that rows add up to τ; E is divided by its largest entry, and λ' E is
/// computed in half precision. Blocks 6 to 9 are its middle ones in models of any depth, and its figures for ViT-L/14 came so.
/// τ' and λ' are tuned to each data set there. Those of ADE20K stand here, with the threshold of <see cref="PatchLabels"/>: it has the most
/// classes and no background, as lists of one's own are.
/// </summary>
/// <param name="method">The method whose last block it is put on.</param>
/// <param name="residual">Whether there is RCS.</param>
/// <param name="feedback">SFR; null for a single pass.</param>
internal sealed class ResClip(ILastBlockMethod method, bool residual, SemanticFeedback? feedback) : IWindowMethod
{
    private const int FirstMiddleBlock = 6, LastMiddleBlock = 9;

    // τ and λ of RCS, the same for all data sets; τ' and λ' of SFR.
    private const float Tau = 2, Lambda = 0.3f;
    private const float FeedbackTau = 2.1f, FeedbackLambda = 0.7f;

    private static readonly int[] MiddleBlocks = [.. Enumerable.Range(FirstMiddleBlock, LastMiddleBlock - FirstMiddleBlock + 1)];

    public bool ReadsNames => feedback is not null;

    public IReadOnlyList<int> Outputs(int blocks) => residual ? [.. MiddleBlocks.Select(block => block - 1), blocks - 1] : [blocks - 1];

    public string? Refusal(ClipConfig config) => residual && config.Vision.Layers <= LastMiddleBlock
        ? $"blends the attention of blocks {FirstMiddleBlock} to {LastMiddleBlock} into the last one, so it needs a vision transformer of at least {LastMiddleBlock + 1} blocks, such as ViT-B (12) or ViT-L (24); this model's has {config.Vision.Layers}. resclip:sfr does without them."
        : null;

    public WindowFeatures Features(WindowTower window)
    {
        var last = new LastBlock(window, method, residual);
        return WindowFeatures.OfTokens(last.Pass(feedback is null ? null : Feedback(window, feedback, Labels(window, last))));
    }

    /// <summary>The label of each patch after the first pass: the number of a name.</summary>
    public int[] Labels(WindowTower window) => Labels(window, new LastBlock(window, method, residual));

    private static int[] Labels(WindowTower window, LastBlock last)
    {
        using var scope = window.Algebra.Scope();
        return PatchLabels.Of(window, last.Pass(feedback: null).RowsFrom(1));
    }

    /// <summary>λ' E, <c>[tokens, tokens]</c>.</summary>
    private static Matrix Feedback(WindowTower window, SemanticFeedback feedback, int[] labels)
    {
        var affinity = feedback.Affinity(labels, window.GridHeight, window.GridWidth);
        TensorPrimitives.Divide(affinity, TensorPrimitives.Max<float>(affinity), affinity);
        // As PyTorch multiplies a number with halves on a CPU: each factor is rounded, then the product.
        var lambda = ToHalf(FeedbackLambda);
        for (var i = 0; i < affinity.Length; i++)
            affinity[i] = ToHalf(lambda * ToHalf(affinity[i]));
        return window.Algebra.From(affinity, labels.Length + 1, labels.Length + 1);
    }

    private static float ToHalf(float value) => (float)(Half)value;

    /// <summary>The last block, to be passed once or twice.</summary>
    private sealed class LastBlock(WindowTower window, ILastBlockMethod method, bool residual)
    {
        private readonly BlockInput _input = window.Input(window.Last, window.Output(window.Last - 1));
        private readonly BlockInput[] _middle = residual ? [.. MiddleBlocks.Select(block => window.Input(block, window.Output(block - 1)))] : [];
        private readonly Matrix?[] _biases = [.. method.Terms.Select(term => Bias(window, term))];

        /// <summary>The features of all tokens, <c>[tokens, embedding size]</c>.</summary>
        /// <param name="feedback">λ' E; null in the first pass.</param>
        public Matrix Pass(Matrix? feedback)
        {
            var blocks = window.Blocks;
            var attended = blocks.ProjectOut(window.Last, window.Attend(_input.Value, head => Attention(head, feedback)));
            return blocks.Project(method.AttentionOutputOnly ? attended : blocks.AddMlp(window.Last, window.Output(window.Last - 1) + attended));
        }

        /// <summary>A of a head.</summary>
        private Matrix Attention(int head, Matrix? feedback)
        {
            var own = window.Sum(_input.Value.Rows, method.Terms.Count, i => Term(i, head, feedback));
            return residual ? Tau * ((1 - Lambda) * own + Lambda * CrossCorrelation(head)) : own;
        }

        /// <summary>A summand of B.</summary>
        private Matrix Term(int index, int head, Matrix? feedback)
        {
            var operand = window.Head(method.Terms[index].Operands!.Value.A == AttentionOperand.Query ? _input.Query : _input.Key, head);
            var scores = (window.Scale * operand).TimesTransposed(operand);
            if (feedback is not null)
                scores = FeedbackTau * ((1 - FeedbackLambda) * scores + feedback);
            return (_biases[index] is { } bias ? scores + bias : scores).Softmax();
        }

        /// <summary>R of a head.</summary>
        private Matrix CrossCorrelation(int head) => 1f / _middle.Length * window.Sum(_input.Value.Rows, _middle.Length, i => window.Softmax(_middle[i].Query, _middle[i].Key, head));

        private static Matrix? Bias(WindowTower window, AttentionTerm term)
        {
            var tokens = 1 + window.GridHeight * window.GridWidth;
            return term.Neighbourhood is { } bias ? window.Algebra.From(bias.Between(tokens, window.GridWidth), tokens, tokens) : null;
        }
    }
}
