using Sclip.Segmentation;

namespace Sclip.Cli.Tests.Labelling;

/// <summary><c>--precision bf16</c> on the CPU, whether the processor of the tests has it or not.</summary>
public sealed class PrecisionTests : IDisposable
{
    private readonly SclipCli _cli = new();

    [Fact]
    public async Task Bf16_on_the_CPU_is_told_or_refused_with_what_it_needs()
    {
        _cli.Picture("in/a.png");
        var (code, output, error) = await _cli.Label("--device", "cpu", "--precision", "bf16");
        if (Found(out var lack) is not { } found)
        {
            Assert.Equal(1, code);
            Assert.Contains(lack, error, StringComparison.Ordinal);
            Assert.False(Directory.Exists(_cli.Output));
            return;
        }
        Assert.Equal(0, code);
        Assert.Contains(found.Precision == EnginePrecision.BFloat16 ? "labelling on cpu (the managed engine, bf16)" : "labelling on cpu (the managed engine)", output, StringComparison.Ordinal);
        Assert.Equal(found.Warning is null ? 0 : 1, error.Split('\n').Count(line => line.StartsWith("warning: ", StringComparison.Ordinal)));
        Assert.Contains(found.Warning ?? "", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_labelled_in_bf16_is_not_gone_on_with_in_fp32()
    {
        Assert.SkipUnless(Found(out var lack) is { Precision: EnginePrecision.BFloat16 }, lack);
        _cli.Picture("in/a.png");
        Assert.Equal(0, (await _cli.Label("--device", "cpu", "--precision", "bf16")).ExitCode);
        var (code, _, error) = await _cli.Label("--device", "cpu");
        Assert.Equal(1, code);
        Assert.Contains("precision: 'BFloat16' there, not set now", error, StringComparison.Ordinal);
    }

    public void Dispose() => _cli.Dispose();

    private static ManagedPrecision? Found(out string lack)
    {
        lack = "The system lets no page be executable.";
        try
        {
            return ManagedPrecision.Of(EnginePrecision.BFloat16);
        }
        catch (DeviceException error)
        {
            lack = error.Message;
            return null;
        }
    }
}
