using Sclip.Labels;
using Sclip.Segmentation.Kernels;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.Labels;

public sealed class LabelEmbeddingCacheTests : IDisposable
{
    private static readonly LabelSet Labels = LabelSet.Of([new() { Name = "cat", Synonyms = ["kitten"] }, new() { Name = "floor", Background = true }]);
    private static readonly PromptTemplates Templates = PromptTemplates.Of(["a {}", "the {}"]);

    private readonly TemporaryFolder _folder = new();
    private int _computed;

    private string CacheDirectory => _folder["labels"];

    [Fact]
    public void The_second_time_embeddings_come_from_the_cache()
    {
        var first = Get();
        var second = Get();
        Assert.Equal(1, _computed);
        Assert.Equal(first.Values, second.Values);
        Assert.Equal(first.Dimension, second.Dimension);
        Assert.Equal([0, 0, 1], second.ClassOfName);
        Assert.Equal(2, second.ClassCount);
        Assert.Equal(1, second.BackgroundClass);
    }

    [Fact]
    public void No_temporary_file_is_left()
    {
        Get();
        Assert.Equal(".labels", Path.GetExtension(Assert.Single(Directory.GetFiles(CacheDirectory))));
    }

    [Theory]
    [InlineData(0, null)] // empty
    [InlineData(30, null)] // cut within the values
    [InlineData(71, null)] // the last byte is missing
    [InlineData(73, null)] // a byte too many
    [InlineData(72, 3)] // a bit of the magic
    [InlineData(72, 8)] // of the number of names
    [InlineData(72, 30)] // of a value
    [InlineData(72, 71)] // of the checksum
    public void A_file_that_is_not_intact_is_computed_anew_and_replaced(int length, int? flipped)
    {
        var expected = Get().Values;
        var path = Directory.GetFiles(CacheDirectory).Single();
        var file = File.ReadAllBytes(path);
        Assert.Equal(72, file.Length);
        var corrupt = new byte[length];
        file.AsSpan(0, Math.Min(length, file.Length)).CopyTo(corrupt);
        if (flipped is { } at)
            corrupt[at] ^= 1;
        File.WriteAllBytes(path, corrupt);
        Assert.Equal(expected, Get().Values);
        Assert.Equal(2, _computed);
        Assert.Equal(file, File.ReadAllBytes(path));
    }

    [Fact]
    public void A_cache_that_cannot_be_written_does_not_fail_the_job()
    {
        _folder.Write("labels", "a file where the directory should be");
        Assert.NotEmpty(Get().Values);
        Assert.NotEmpty(Get().Values);
        Assert.Equal(2, _computed);
    }

    [Fact]
    public void Without_a_directory_nothing_is_kept()
    {
        LabelEmbeddingCache.GetOrCompute(null, "model", Labels, Templates, Compute);
        LabelEmbeddingCache.GetOrCompute(null, "model", Labels, Templates, Compute);
        Assert.Equal(2, _computed);
    }

    [Fact]
    public void Every_part_of_the_key_counts()
    {
        string[] keys =
        [
            LabelEmbeddingCache.Key("m", Set("a, b"), PromptTemplates.Of(["x {}", "y {}"])),
            LabelEmbeddingCache.Key("n", Set("a, b"), PromptTemplates.Of(["x {}", "y {}"])),
            LabelEmbeddingCache.Key("m", Set("a\nb"), PromptTemplates.Of(["x {}", "y {}"])),
            LabelEmbeddingCache.Key("m", Set("b, a"), PromptTemplates.Of(["x {}", "y {}"])),
            LabelEmbeddingCache.Key("m", Set("ab"), PromptTemplates.Of(["x {}", "y {}"])),
            LabelEmbeddingCache.Key("ma", Set("b"), PromptTemplates.Of(["x {}", "y {}"])),
            LabelEmbeddingCache.Key("m", Set("a, b"), PromptTemplates.Of(["y {}", "x {}"])),
            LabelEmbeddingCache.Key("m", Set("a, b"), PromptTemplates.Of(["x {}"])),
        ];
        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.Equal(keys[0], LabelEmbeddingCache.Key("m", Set("a, b"), PromptTemplates.Of(["x {}", "y {}"])));
    }

    [Fact]
    public void Embeddings_of_bf16_and_of_fp32_are_kept_apart()
    {
        foreach (var kernel in (GemmKernel[])[GemmKernel.Best, GemmKernel.TwinOfBf16, GemmKernel.Best])
        {
            using var model = ClipModel.Load(Golden.ModelDirectory(Golden.Models.First()), 1, packVision: false, kernel);
            var fresh = model.EmbedLabels(Labels, Templates, cacheDirectory: null, cancellationToken: TestContext.Current.CancellationToken);
            var kept = model.EmbedLabels(Labels, Templates, CacheDirectory, cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal(fresh.Values, kept.Values);
        }
        Assert.Equal(2, Directory.GetFiles(CacheDirectory).Length);
    }

    public void Dispose() => _folder.Dispose();

    private LabelSet Set(string text) => LabelSet.Load(_folder.Write("set.txt", text));

    private LabelEmbeddings Get() => LabelEmbeddingCache.GetOrCompute(CacheDirectory, "model", Labels, Templates, Compute);

    private LabelEmbeddings Compute()
    {
        _computed++;
        return LabelEmbeddings.Of(Labels, [1, 0, 0, 1, 0.6f, 0.8f], 2);
    }
}
