namespace Sclip.Segmentation.Tests;

public class ManagedPrecisionTests
{
    [Theory]
    [InlineData(null)]
    [InlineData(EnginePrecision.Float32)]
    public void Unless_it_is_asked_for_nothing_of_bf16_is_looked_for(EnginePrecision? asked) => Assert.Equal(
        new ManagedPrecision(EnginePrecision.Float32), ManagedPrecision.Of(asked, "no instructions.", () => throw new InvalidOperationException("Pages were asked for.")));

    [Fact]
    public void A_machine_without_the_instructions_is_refused_with_what_it_lacks() => Assert.Equal(
        "no instructions.", Assert.Throws<DeviceException>(() => ManagedPrecision.Of(EnginePrecision.BFloat16, "no instructions.", () => null)).Message);

    [Fact]
    public void A_system_that_refuses_executable_pages_computes_in_fp32_and_warns_with_the_reason()
    {
        var precision = ManagedPrecision.Of(EnginePrecision.BFloat16, null, () => "mprotect: Permission denied");
        Assert.Equal(EnginePrecision.Float32, precision.Precision);
        Assert.Contains("mprotect: Permission denied", precision.Warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Fp16_is_refused() => Assert.Contains(
        "fp32 and bf16 alone", Assert.Throws<DeviceException>(() => ManagedPrecision.Of(EnginePrecision.Float16, null, () => null)).Message, StringComparison.Ordinal);
}
