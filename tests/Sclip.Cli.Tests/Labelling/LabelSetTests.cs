using Sclip.Imaging;
using Sclip.Labels;

namespace Sclip.Cli.Tests.Labelling;

/// <summary>Label sets as commands read them, tell of them and warn.</summary>
public sealed class LabelSetTests : IDisposable
{
    private readonly SclipCli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task What_is_understood_is_printed_as_JSON_and_how_on_the_error_stream()
    {
        var (code, output, error) = await SclipCli.Run(["labels", _cli.Folder.Write("data.yaml", "nc: 2\nnames: {3: traffic_light, 1: sky}\n")]);
        Assert.Equal(0, code);
        Assert.Equal("[\n  {\n    \"name\": \"sky\"\n  },\n  {\n    \"name\": \"traffic_light\"\n  }\n]\n", output);
        Assert.Contains("2 classes, read as YOLO data.yaml.", error, StringComparison.Ordinal);
        Assert.Contains("The ids are 1 to 3, 1 of them missing", error, StringComparison.Ordinal);
        Assert.Contains("warning: 'traffic_light': has an underscore", error, StringComparison.Ordinal);
        Assert.Equal(output, (await SclipCli.Run(["labels", _cli.Folder.Write("again.json", output)])).Output);
    }

    [Fact]
    public void The_name_of_any_picture_that_is_read_is_likely_no_class() => Assert.All(
        ImageDecoder.Endings,
        ending => Assert.Contains(LabelWarnings.Of([new() { Name = "cat" }, new() { Name = $"photo{ending}" }]), warning => warning.Contains("reads like a path", StringComparison.Ordinal)));

    [Theory]
    [InlineData("labels", "FILE")]
    [InlineData("label", "IN", "--labels", "FILE")]
    [InlineData("explore", "IN", "--labels", "FILE")]
    [InlineData("eval", "IN", "--ground-truth", "IN", "--labels", "FILE")]
    [InlineData("export", "IN", "--format", "voc", "--out", "OUT", "--labels", "FILE")]
    [InlineData("benchmark", "--images", "IN", "--ground-truth", "IN", "--labels", "FILE", "--out", "OUT")]
    public async Task Every_command_refuses_what_is_no_list_of_names_and_writes_nothing(params string[] arguments)
    {
        _cli.Picture("in/a.png");
        var file = _cli.Folder.Write("labels.csv", "sky\ngrass,tree\n");
        var (code, _, error) = await SclipCli.Run([.. arguments.Select(argument => argument switch { "FILE" => file, "IN" => _cli.Folder["in"], "OUT" => _cli.Output, _ => argument })]);
        Assert.Equal(1, code);
        Assert.Contains($"sclip: {file}, line 2: 'grass,tree' may be one name or several.", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_cli.Output));
    }

    [Fact]
    public async Task A_label_set_that_is_likely_wrong_is_warned_of_at_the_start_and_in_the_summary()
    {
        for (var scene = 1; scene <= 6; scene++)
            _cli.Picture($"in/{scene}.png", scene);
        var (code, output, error) = await SclipCli.Run(["label", _cli.Folder["in"], "--labels", "grass, red_car", "--model", SclipCli.Model, "--out", _cli.Output]);
        Assert.Equal(0, code);
        Assert.Contains("warning: 'red_car': has an underscore", error, StringComparison.Ordinal);
        Assert.Contains("\nwarning  ", output, StringComparison.Ordinal);
        (_, output, _) = await SclipCli.Run(["label", _cli.Folder["in"], "--labels", "grass", "--model", SclipCli.Model, "--out", _cli.Folder["one"]]);
        Assert.Contains("There is one class, 'grass', and every pixel", output, StringComparison.Ordinal);
    }
}
