namespace Sclip.Segmentation.Tests;

public class ManagedPrecisionTests
{
    [Theory]
    [InlineData(null)]
    [InlineData(EnginePrecision.Float32)]
    public void Unless_it_is_asked_for_nothing_of_bf16_is_looked_for(EnginePrecision? asked) => Assert.Equal(
        new ManagedPrecision(EnginePrecision.Float32), ManagedPrecision.Of(asked, "no instructions.", () => throw new InvalidOperationException("Pages were asked for."), NotAsked));

    [Fact]
    public void A_machine_without_the_instructions_is_refused_with_what_it_lacks() => Assert.Equal(
        "no instructions.", Assert.Throws<DeviceException>(() => ManagedPrecision.Of(EnginePrecision.BFloat16, "no instructions.", () => null, NotAsked)).Message);

    [Fact]
    public void A_system_that_refuses_executable_pages_computes_in_fp32_and_warns_with_the_reason()
    {
        var precision = ManagedPrecision.Of(EnginePrecision.BFloat16, null, () => "mprotect: Permission denied", NotAsked);
        Assert.Equal(EnginePrecision.Float32, precision.Precision);
        Assert.Contains("mprotect: Permission denied", precision.Warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.52, "at 0.5 times the rate of fp32")]
    [InlineData(1.97, null)]
    public void A_processor_whose_bf16_is_slower_than_its_fp32_does_what_is_asked_for_and_warns(double gain, string? warning)
    {
        var precision = ManagedPrecision.Of(EnginePrecision.BFloat16, null, () => null, () => gain);
        Assert.Equal(EnginePrecision.BFloat16, precision.Precision);
        if (warning is null)
            Assert.Null(precision.Warning);
        else
            Assert.Contains(warning, precision.Warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Fp16_is_refused() => Assert.Contains(
        "fp32 and bf16 alone", Assert.Throws<DeviceException>(() => ManagedPrecision.Of(EnginePrecision.Float16, null, () => null, NotAsked)).Message, StringComparison.Ordinal);

    private static double NotAsked() => throw new InvalidOperationException("The rate was measured.");
}
