using Sclip.Segmentation;
using Sclip.Worker.Models;

namespace Sclip.Cli.Models;

/// <summary>Writes what <c>sclip model list</c> and <c>sclip model show</c> print.</summary>
internal static class ModelReport
{
    public static void List(ModelListing listing, TextWriter output)
    {
        if (listing.Models.Count == 0)
        {
            output.WriteLine($"No models in {listing.Folder}. Pull one, for example: sclip model pull openai/clip-vit-base-patch16");
            return;
        }
        var rows = listing.Models.Select(model => (model.Id, Size: Figures.Bytes(model.Bytes), Commit: model.Commit is { Length: >= 12 } commit ? commit[..12] : "-", model.Directory)).ToArray();
        var (id, size) = (rows.Max(row => row.Id.Length), rows.Max(row => row.Size.Length));
        foreach (var row in rows)
            output.WriteLine($"{row.Id.PadRight(id)}  {row.Size.PadLeft(size)}  {row.Commit,-12}  {row.Directory}");
    }

    /// <summary>Looks at the models of a cache.</summary>
    public static ModelListing Read(ModelCache cache) => new()
    {
        Folder = cache.Models,
        Models = [.. cache.List().Select(model => new ListedModel { Id = model.Id.ToString(), Bytes = SizeOf(model.Directory), Commit = ModelSource.TryRead(model.Directory)?.Commit, Directory = model.Directory })],
    };

    /// <exception cref="ModelFormatException">The directory is no CLIP model, and no guide.</exception>
    public static void Show(string directory, TextWriter output)
    {
        if (GuideConfig.IsIn(directory))
        {
            GuideReport.Show(directory, output);
            return;
        }
        var summary = ModelSummary.Read(directory);
        var config = summary.Config;
        Write("directory", directory);
        if (ModelSource.TryRead(directory) is { } source)
            Write("pulled", $"{source.Id} at {source.Commit} from {source.Endpoint}");
        if (config.OwnMethod is { } own)
            Write("what it is", $"a {config.Architecture} model; {own} is its method, and no other runs on it");
        Write("layout", summary.Layout);
        Write("architecture", $"{config.Architecture}, patch {config.PatchSize}, pictures of {config.ImageSize} x {config.ImageSize}");
        Write("vision", Describe(config.Vision));
        Write("text", $"{Describe(config.Text)}, context {config.ContextLength}, vocabulary {config.VocabularySize}");
        Write("embedding", $"{config.EmbeddingSize}");
        Write("activation", config.Vision.Activation == config.Text.Activation
            ? Name(config.Vision.Activation)
            : $"{Name(config.Vision.Activation)} (vision), {Name(config.Text.Activation)} (text)");
        Write("tokeniser", $"{summary.Tokenizer}; {summary.Tokens} tokens, texts of at most {config.ContextLength}");
        Write("methods", string.Join(", ", DenseMethods.Fitting(config)));
        Write("weights", $"{Figures.Millions(summary.Parameters)}, {string.Join(" and ", summary.Types)}");
        Write("on disk", Figures.Bytes(SizeOf(directory)));

        void Write(string key, string value) => output.WriteLine($"{key,-13} {value}");
    }

    private static string Describe(TransformerConfig transformer) =>
        $"layers {transformer.Layers}, width {transformer.Width}, heads {transformer.Heads}, MLP {transformer.Hidden}";

    /// <summary>What an activation is called.</summary>
    internal static string Name(Activation activation) => activation switch
    {
        Activation.QuickGelu => "QuickGELU",
        Activation.SwiGlu => "SwiGLU",
        _ => "GELU",
    };

    internal static long SizeOf(string directory) => new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
}
