using Sclip.Contracts.Jobs;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests;

public sealed class DenseMethodTests
{
    [Fact]
    public void The_engine_has_exactly_the_methods_that_a_job_can_ask_for() =>
        Assert.Equal(DenseMethodNames.All.Select(name => DenseMethods.Registered.Contains(name) ? name : DenseMethodNames.Split(name).Name).Order(), DenseMethods.Registered.Order());

    [Fact]
    public void Methods_that_change_the_last_block_alone_fit_a_model_of_one()
    {
        var model = ClipConfig.Load(Golden.ModelDirectory(Golden.Models.First()));
        var fitting = DenseMethods.Fitting(model with { Vision = model.Vision with { Layers = 1 } });
        Assert.Equal(["sclip", "clip", "maskclip", "sclip-q", "sclip-k", "sclip-identity", "sclip-random:N", "sclip-projection:FILE", "clearclip", "naclip", "vv"], fitting.Take(11));
        Assert.DoesNotContain("resclip", fitting);
        Assert.Empty(fitting.Intersect(DenseMethodNames.OfModels));
    }

    [Theory]
    [InlineData("sclip", null)]
    [InlineData("sclip-random:4:7", null)]
    [InlineData("sclip-random", "There is no method 'sclip-random'")]
    [InlineData("sclip-random:0", "a number of projections in 1..64")]
    [InlineData("sclip-random:4:10000", "a seed in 0..9999")]
    [InlineData("sclip:4", "There is no method 'sclip:4'")]
    [InlineData("SCLIP", "There is no method 'SCLIP'")]
    public void What_a_job_may_not_ask_for_the_engine_refuses_in_the_same_words(string method, string? reason)
    {
        var refusal = DenseMethodNames.Refusal(method);
        if (reason is null)
        {
            Assert.Null(refusal);
            DenseMethods.Validate(method);
            return;
        }
        Assert.Contains(reason, refusal, StringComparison.Ordinal);
        Assert.Equal(refusal, Assert.Throws<SegmentationException>(() => DenseMethods.Validate(method)).Message);
    }
}
