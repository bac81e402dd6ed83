using Sclip.Segmentation;
using Sclip.Worker.Models;

namespace Sclip.Cli.Models;

/// <summary>What <c>sclip model show --json</c> prints: a model, or a guide.</summary>
internal sealed record ModelDescription
{
    /// <summary><c>model</c>, for <c>--model</c>, or <c>guide</c>, for <c>--guide</c>.</summary>
    public required string Kind { get; init; }

    public required string Directory { get; init; }

    /// <summary>Where it was pulled from; null where it was put there by hand.</summary>
    public ModelSource? Source { get; init; }

    /// <summary>The method that a model of another kind than CLIP brings along; null for others.</summary>
    public string? OwnMethod { get; init; }

    public required string Architecture { get; init; }

    /// <summary>The layout of its files, in words; null for a guide.</summary>
    public string? Layout { get; init; }

    /// <summary>Side of a patch in pixels.</summary>
    public required int PatchSize { get; init; }

    /// <summary>Side in pixels of the pictures that its positions are of.</summary>
    public required int ImageSize { get; init; }

    public required TransformerDescription Vision { get; init; }

    /// <summary>Null for a guide, as the rest that has to do with texts.</summary>
    public TransformerDescription? Text { get; init; }

    /// <summary>Most tokens of a text.</summary>
    public int? ContextLength { get; init; }

    public int? VocabularySize { get; init; }

    public int? EmbeddingSize { get; init; }

    /// <summary>What the tokeniser is read from, in words.</summary>
    public string? Tokeniser { get; init; }

    /// <summary>The dense methods that fit; null for a guide.</summary>
    public IReadOnlyList<string>? Methods { get; init; }

    /// <summary>Number of weights.</summary>
    public required long Parameters { get; init; }

    /// <summary>Types that the weights are stored in, the most frequent first.</summary>
    public required IReadOnlyList<string> Types { get; init; }

    /// <summary>Size of all its files in bytes.</summary>
    public required long Bytes { get; init; }

    /// <exception cref="ModelFormatException">The directory is no model, and no guide.</exception>
    public static ModelDescription Read(string directory)
    {
        var source = ModelSource.TryRead(directory);
        if (GuideConfig.IsIn(directory))
        {
            var guide = GuideSummary.Read(directory);
            return new()
            {
                Kind = "guide",
                Directory = directory,
                Source = source,
                Architecture = GuideReport.Name(guide.Config),
                PatchSize = guide.Config.PatchSize,
                ImageSize = guide.Config.ImageSize,
                Vision = new(guide.Config.Layers, guide.Config.Width, guide.Config.Heads),
                Parameters = guide.Parameters,
                Types = guide.Types,
                Bytes = ModelReport.SizeOf(directory),
            };
        }
        var model = ModelSummary.Read(directory);
        var config = model.Config;
        return new()
        {
            Kind = "model",
            Directory = directory,
            Source = source,
            OwnMethod = config.OwnMethod,
            Architecture = config.Architecture,
            Layout = model.Layout,
            PatchSize = config.PatchSize,
            ImageSize = config.ImageSize,
            Vision = TransformerDescription.Of(config.Vision),
            Text = TransformerDescription.Of(config.Text),
            ContextLength = config.ContextLength,
            VocabularySize = config.VocabularySize,
            EmbeddingSize = config.EmbeddingSize,
            Tokeniser = model.Tokenizer,
            Methods = [.. DenseMethods.Fitting(config)],
            Parameters = model.Parameters,
            Types = model.Types,
            Bytes = ModelReport.SizeOf(directory),
        };
    }
}

/// <summary>The size of a transformer.</summary>
/// <param name="Layers">Blocks.</param>
/// <param name="Width">Values of a token.</param>
/// <param name="Heads">Heads of an attention.</param>
/// <param name="Mlp">Values of an MLP's hidden layer; null for a guide.</param>
/// <param name="Activation">Activation of the MLP; null for a guide.</param>
internal sealed record TransformerDescription(int Layers, int Width, int Heads, int? Mlp = null, string? Activation = null)
{
    public static TransformerDescription Of(TransformerConfig config) => new(config.Layers, config.Width, config.Heads, config.Hidden, ModelReport.Name(config.Activation));
}
