using System.Text.Json.Nodes;
using Sclip.Contracts;
using Sclip.Imaging;
using Sclip.Worker.Models;

namespace Sclip.Cli.Tests.Labelling;

/// <summary>Kept features, and what is labelled by them.</summary>
public sealed class RelabelTests : IDisposable
{
    private const string Names = "grass, sky, house, tree, sand, background";
    private readonly SclipCli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("fp16", 0.0002)]
    [InlineData("int8", 0.001)]
    public async Task Kept_features_by_other_names_are_labelled_as_the_pictures_are_by_those(string encoding, double bound)
    {
        await KeepAsync(encoding, 7, 4);
        var (code, output, error) = await Relabel("relabelled", "--prob-threshold", "0.3", "--area-threshold", "0.02", "--logit-scale", "20", "--doubt", "--scores");
        Assert.True(code == 0, error);
        Assert.Matches("by kept features +2\\s", output);
        Assert.Matches("by pixels +0\\s", output);
        Assert.Equal(0, (await SclipCli.Run(
            ["label", _cli.Folder["in"], "--labels", Names, "--model", SclipCli.Model, "--out", _cli.Folder["labelled"], "--prob-threshold", "0.3", "--area-threshold", "0.02", "--logit-scale", "20", "--doubt", "--scores"])).ExitCode);
        foreach (var (one, other) in Results("relabelled").Zip(Results("labelled")))
        {
            Assert.Equal((other.Image, other.Mask, other.InputBytes, other.InputModified), (one.Image, one.Mask, one.InputBytes, one.InputModified));
            Assert.Equal((0, null, null), (one.Windows, one.FeaturesUnused, one.Features));
            Assert.InRange(Difference("relabelled", "labelled", one.Mask!), 0, bound);
            Assert.Equal(new FileInfo(_cli.Folder[$"labelled/{other.Scores}"]).Length, new FileInfo(_cli.Folder[$"relabelled/{one.Scores}"]).Length);
            Assert.True(File.Exists(_cli.Folder[$"relabelled/{one.DoubtMap}"]));
        }
    }

    [Fact]
    public async Task The_bytes_that_are_told_before_a_run_are_those_that_its_features_take()
    {
        var output = await KeepAsync("int8", 1, 2, 3);
        var files = Directory.GetFiles(_cli.Folder["out/features"]);
        Assert.Equal(3, files.Length);
        Assert.Contains($"keeping features in {_cli.Folder["out/features"]}: {Figures.Bytes(files.Sum(file => new FileInfo(file).Length))} (int8)\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_whose_size_is_not_told_makes_it_an_estimate()
    {
        _cli.Folder.Write("in/broken.jpg", "not a picture");
        _cli.Picture("in/a.png");
        var (code, output, _) = await _cli.Label("--keep-features", "fp16");
        Assert.Equal(2, code);
        Assert.Contains("(fp16, estimated from the sizes of 1 of 2 pictures)", output, StringComparison.Ordinal);
        Assert.Contains($": about {Figures.Bytes(2 * new FileInfo(_cli.Folder["out/features/a.png.sclf"]).Length)} ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Features_that_are_asked_for_later_are_not_silently_left_out()
    {
        _cli.Picture("in/a.png");
        Assert.Equal(0, (await _cli.Label()).ExitCode);
        var (code, _, error) = await _cli.Label("--keep-features", "fp16");
        Assert.Equal(1, code);
        Assert.Contains("keep_features: not set there, 'fp16' now", error, StringComparison.Ordinal);
        Assert.Equal(0, (await _cli.Label("--keep-features", "fp16", "--force")).ExitCode);
        Assert.True(File.Exists(_cli.Folder["out/features/a.png.sclf"]));
        (code, _, error) = await _cli.Label();
        Assert.Equal(1, code);
        Assert.Contains("keep_features: 'fp16' there, not set now", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Features_that_are_lost_or_damaged_are_kept_again()
    {
        await KeepAsync("fp16", 1, 2, 3);
        var whole = Directory.GetFiles(_cli.Folder["out/features"]).ToDictionary(file => file, File.ReadAllBytes);
        File.Delete(_cli.Folder["out/features/1.png.sclf"]);
        Spoil("out/features/2.png.sclf");
        var (code, output, error) = await _cli.Label("--keep-features", "fp16");
        Assert.True(code == 0, error);
        Assert.Matches("skipped \\(labelled before\\) +1\\s", output);
        Assert.All(whole, file => Assert.Equal(file.Value, File.ReadAllBytes(file.Key)));
    }

    [Theory]
    [InlineData("method: 'sclip' there, 'maskclip' now", "--method", "maskclip")]
    [InlineData("short_side: 0 there, 128 now", "--short-side", "128")]
    [InlineData("crop: 64 there, 32 now\n  stride: 32 there, 16 now", "--crop", "32", "--stride", "16")]
    [InlineData("short_side: 0 there, 336 now", "--preset", "voc21")]
    [InlineData("patch_stride: not set there, 4 now", "--patch-stride", "4")]
    public async Task What_features_depend_on_is_refused_by_name_where_it_is_given_otherwise(string difference, params string[] arguments)
    {
        await KeepAsync("fp16", 1);
        var (code, _, error) = await Relabel("other", arguments);
        Assert.Equal(1, code);
        Assert.Contains($"The features in {_cli.Output} are not those that are asked for:\n  {difference}", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_cli.Folder["other"]));
        // The same as there is no difference.
        (code, _, error) = await Relabel("same", "--method", "sclip", "--short-side", "0", "--crop", "64", "--stride", "32");
        Assert.True(code == 0, error);
    }

    [Fact]
    public async Task Features_of_overlapping_patches_are_labelled_as_pixels_are()
    {
        _cli.Picture("in/1.png", 1);
        var (code, output, error) = await _cli.Label("--keep-features", "fp16", "--patch-stride", "4");
        Assert.True(code == 0, error);
        Assert.Contains($"keeping features in {_cli.Folder["out/features"]}: {Figures.Bytes(new FileInfo(_cli.Folder["out/features/1.png.sclf"]).Length)} (fp16)\n", output, StringComparison.Ordinal);
        (code, _, error) = await Relabel("same", "--patch-stride", "4");
        Assert.True(code == 0, error);
        Assert.Equal(0, (await SclipCli.Run(["label", _cli.Folder["in"], "--labels", Names, "--model", SclipCli.Model, "--out", _cli.Folder["labelled"], "--patch-stride", "4"])).ExitCode);
        // But for what rounding to fp16 changes.
        Assert.InRange(Difference("same", "labelled", "masks/1.png.png"), 0, 0.0002);
        // Other features are no reason to take these.
        (code, _, error) = await _cli.Label("--keep-features", "fp16");
        Assert.Equal(1, code);
        Assert.Contains("patch_stride: 4 there, not set now", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_model_is_refused_by_name_and_one_that_is_not_found_is_asked_for()
    {
        await KeepAsync("fp16", 1);
        foreach (var file in Directory.GetFiles(SclipCli.Model))
            _cli.Folder.Write($"other/{Path.GetFileName(file)}", [.. await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken), .. file.EndsWith("config.json", StringComparison.Ordinal) ? "\n"u8 : []]);
        var (code, _, error) = await Relabel("to", "--model", _cli.Folder["other"]);
        Assert.Equal(1, code);
        Assert.Matches($"model: '{SclipCli.Model}' \\(fingerprint [0-9a-f]+…\\) there, '{_cli.Folder["other"]}' \\(fingerprint [0-9a-f]+…\\) now", error);
        Assert.False(Directory.Exists(_cli.Folder["to"]));

        var marker = await File.ReadAllTextAsync(_cli.Folder["out/sclip-folder.json"], TestContext.Current.CancellationToken);
        _cli.Folder.Write("out/sclip-folder.json", marker.Replace(SclipCli.Model, "/gone/model", StringComparison.Ordinal));
        (code, _, error) = await Relabel("to");
        Assert.Equal((1, $"sclip: The model that {_cli.Output} was labelled by, '/gone/model', is not found from here: say where it is by --model.\n"), (code, error));
        (code, _, error) = await Relabel("to", "--model", SclipCli.Model);
        Assert.True(code == 0, error);
    }

    [Fact]
    public async Task Folders_without_features_are_refused_and_so_is_the_folder_itself()
    {
        _cli.Picture("in/a.png");
        await RefusedAsync(_cli.Output, "to", "There is no folder");
        await RefusedAsync(_cli.Folder["in"], "to", "it is no folder that `sclip label --keep-features` wrote");
        Assert.Equal(0, (await _cli.Label()).ExitCode);
        await RefusedAsync(_cli.Output, "to", "it was labelled without --keep-features");
        Assert.Equal(0, (await _cli.Label("--keep-features", "fp16", "--force")).ExitCode);
        await RefusedAsync(_cli.Output, "out/../out/", "is the folder of the features");
        Assert.Equal(0, (await Relabel("to")).ExitCode);
        await RefusedAsync(_cli.Folder["to"], "again", "without features of its own");
        var export = await SclipCli.Run(["export", _cli.Folder["to"], "--format", "voc", "--out", _cli.Folder["voc"]]);
        Assert.True(export.ExitCode == 0, export.Error);

        async Task RefusedAsync(string from, string to, string reason)
        {
            var (code, _, error) = await SclipCli.Run(["relabel", from, "--labels", Names, "--out", _cli.Folder[to]]);
            Assert.Equal(1, code);
            Assert.Contains(reason, error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Pictures_are_needed_for_overlays_alone_and_may_have_moved()
    {
        await KeepAsync("fp16", 1, 2);
        Directory.Move(_cli.Folder["in"], _cli.Folder["moved"]);
        var (code, _, error) = await Relabel("plain");
        Assert.True(code == 0, error);
        (code, _, error) = await Relabel("overlays", "--overlay");
        Assert.Equal(2, code);
        Assert.Contains($"failed: 1.png: its picture is not in {_cli.Folder["in"]}. Say where it is by --pictures DIR. Its features are sound, but overlays and PAMR need the picture itself.", error, StringComparison.Ordinal);
        (code, _, error) = await Relabel("overlays", "--overlay", "--pictures", _cli.Folder["moved"]);
        Assert.True(code == 0, error);
        Assert.All(Results("overlays"), result => Assert.True(File.Exists(_cli.Folder[$"overlays/{result.Overlay}"])));
        Assert.All(Results("overlays"), result => Assert.Equal(0, Difference("overlays", "plain", result.Mask!)));
        // Another picture by the same name is not what the features are of.
        File.Copy(_cli.Folder["moved/2.png"], _cli.Folder["moved/1.png"], overwrite: true);
        (code, _, error) = await Relabel("changed", "--overlay", "--pictures", _cli.Folder["moved"]);
        Assert.Equal(2, code);
        Assert.Contains("1.png has changed since its features were kept", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_without_sound_features_is_labelled_by_its_pixels_or_fails_with_both_reasons()
    {
        await KeepAsync("fp16", 1, 2, 3, 4);
        Assert.Equal(0, (await Relabel("before")).ExitCode);
        Spoil("out/features/1.png.sclf");
        File.Delete(_cli.Folder["out/features/2.png.sclf"]);
        Spoil("out/features/3.png.sclf");
        File.Delete(_cli.Folder["in/3.png"]);
        var (code, output, error) = await Relabel("after");
        Assert.Equal(2, code);
        Assert.Matches("by kept features +1\\s", output);
        Assert.Matches("by pixels +2\\s", output);
        var results = Results("after").ToDictionary(result => result.Image);
        Assert.Contains("the file is damaged", results["1.png"].FeaturesUnused, StringComparison.Ordinal);
        Assert.Equal("they do not exist.", results["2.png"].FeaturesUnused);
        Assert.Null(results["4.png"].FeaturesUnused);
        Assert.Contains("failed: 3.png: its picture is not in", error, StringComparison.Ordinal);
        Assert.Contains("the file is damaged", results["3.png"].Error, StringComparison.Ordinal);
        foreach (var name in (string[])["1.png", "2.png", "4.png"])
            Assert.InRange(Difference("after", "before", results[name].Mask!), 0, 0.001);
    }

    [Fact]
    public async Task A_run_goes_on_where_it_was_interrupted_and_pictures_that_failed_fail_again()
    {
        _cli.Folder.Write("in/broken.jpg", "not a picture");
        await KeepAsync("int8", 1, 2, 3);
        var (code, _, error) = await Relabel("to");
        Assert.Equal(2, code);
        Assert.Contains($"failed again: 1 picture without features, since it could not be labelled in {_cli.Output}: broken.jpg", error, StringComparison.Ordinal);
        var masks = Directory.GetFiles(_cli.Folder["to/masks"]).ToDictionary(file => file, File.ReadAllBytes);
        Assert.Equal(3, masks.Count);

        // As after a kill: a marker that says unfinished, a result less.
        var lines = await File.ReadAllLinesAsync(_cli.Folder["to/results.jsonl"], TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(_cli.Folder["to/results.jsonl"], lines[..^1], TestContext.Current.CancellationToken);
        (code, var output, _) = await Relabel("to");
        Assert.Equal(2, code);
        Assert.Matches("labelled +1\\s", output);
        Assert.Matches("skipped \\(labelled before\\) +2\\s", output);
        Assert.Equal(4, Results("to").Length);
        Assert.All(masks, mask => Assert.Equal(mask.Value, File.ReadAllBytes(mask.Key)));
        (code, _, error) = await Relabel("to", "--logit-scale", "20");
        Assert.Equal(1, code);
        Assert.Contains("logit_scale: 40 there, 20 now", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_that_cannot_be_read_are_told_and_a_folder_without_any_picture_is_refused()
    {
        await KeepAsync("fp16", 1, 2, 3);
        var path = _cli.Folder["out/results.jsonl"];
        var lines = await File.ReadAllLinesAsync(path, TestContext.Current.CancellationToken);
        _cli.Folder.Write("out/results.jsonl", $"{lines[0]}\n{{\"image\":\"2.pn\n{lines[2]}\n");
        var (code, _, error) = await Relabel("to");
        Assert.Equal(0, code);
        Assert.Contains($"warning: {_cli.Output} is not whole: 1 line of {path} cannot be read, and its picture is not labelled. Do the same `sclip label` again first. What is there is labelled.\n", error, StringComparison.Ordinal);
        Assert.Equal(2, Results("to").Length);

        // An empty line was a picture's, too.
        _cli.Folder.Write("out/results.jsonl", $"\n{{\"image\":\"2.pn\n\0\n");
        (code, _, error) = await Relabel("none");
        Assert.Equal((1, $"sclip: {_cli.Output} holds no picture: 3 lines of {path} cannot be read, and their pictures are not labelled. Do the same `sclip label` again first.\n"), (code, error));
        _cli.Folder.Write("out/results.jsonl", "");
        (code, _, error) = await Relabel("none");
        Assert.Equal((1, $"sclip: {_cli.Output} holds no picture: {path} is empty. Do the same `sclip label` again first.\n"), (code, error));
        Assert.False(Directory.Exists(_cli.Folder["none"]));

        Assert.Equal(0, (await _cli.Label("--keep-features", "fp16")).ExitCode);
        (code, var output, error) = await Relabel("to");
        Assert.Equal(0, code);
        Assert.DoesNotContain("is not whole", error, StringComparison.Ordinal);
        Assert.Matches("labelled +1\\s", output);
    }

    [Theory]
    [InlineData("crop", "null", "settings.crop is not set.")]
    [InlineData("crop", "\"x\"", "settings.crop is no whole number of pixels.")]
    [InlineData("crop", "[64]", "settings.crop is no whole number of pixels.")]
    [InlineData("crop", "-1", "settings.crop: the crop must not be negative (0 takes the whole picture); it is -1.")]
    [InlineData("short_side", "4096", "settings.short_side: the short side must be")]
    [InlineData("stride", "1e99", "settings.stride is no whole number of pixels.")]
    [InlineData("patch_stride", "0", "settings.patch_stride: the patch stride must be at least 1 pixel")]
    [InlineData("stride", "65", "settings.stride: the stride must not exceed the crop of 64 pixels")]
    [InlineData("method", "null", "settings.method is not set.")]
    [InlineData("keep_features", "5", "settings.keep_features is no text.")]
    [InlineData("keep_features", "\"zz\"", "settings.keep_features: features are kept as fp16 or int8, or not at all; it is 'zz'.")]
    [InlineData("model", "{}", "settings.model is no text.")]
    [InlineData("model_name", "7", "settings.model_name is no text.")]
    [InlineData("precision", "1", "settings.precision is no text.")]
    [InlineData("projection", "[]", "settings.projection is no text.")]
    public async Task A_marker_with_a_wrong_value_is_refused_by_its_key(string key, string value, string reason)
    {
        await KeepAsync("fp16", 1);
        var marker = JsonNode.Parse(await File.ReadAllTextAsync(_cli.Folder["out/sclip-folder.json"], TestContext.Current.CancellationToken))!;
        marker["settings"]![key] = "VALUE";
        await DamagedAsync(marker.ToJsonString().Replace("\"VALUE\"", value, StringComparison.Ordinal), reason);
    }

    [Fact]
    public async Task A_marker_that_lacks_a_value_or_names_inputs_that_are_none_is_refused()
    {
        await KeepAsync("fp16", 1);
        var marker = JsonNode.Parse(await File.ReadAllTextAsync(_cli.Folder["out/sclip-folder.json"], TestContext.Current.CancellationToken))!;
        marker["inputs"] = new JsonArray([null]);
        await DamagedAsync(marker.ToJsonString(), "inputs holds what is no path.");
        marker["inputs"] = new JsonArray("a\0b");
        await DamagedAsync(marker.ToJsonString(), "inputs holds what is no path.");
        marker["inputs"] = new JsonArray();
        marker["settings"]!.AsObject().Remove("crop");
        await DamagedAsync(marker.ToJsonString(), "settings.crop is not set.");
    }

    [Fact]
    public async Task Features_of_another_picture_by_a_pictures_name_are_kept_again()
    {
        await KeepAsync("fp16", 1, 2, 3);
        var (one, two) = (_cli.Folder["out/features/1.png.sclf"], _cli.Folder["out/features/2.png.sclf"]);
        var whole = await File.ReadAllBytesAsync(one, TestContext.Current.CancellationToken);
        File.Copy(two, one, overwrite: true);
        var (code, output, error) = await _cli.Label("--keep-features", "fp16");
        Assert.True(code == 0, error);
        Assert.Contains("labelled again: 1 picture has an output that is damaged, or another picture's: 1.png", error, StringComparison.Ordinal);
        Assert.Matches("skipped \\(labelled before\\) +2\\s", output);
        Assert.Equal(whole, await File.ReadAllBytesAsync(one, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_folder_or_a_broken_link_in_place_of_features_is_as_if_there_were_none()
    {
        await KeepAsync("fp16", 1, 2, 3);
        File.Delete(_cli.Folder["out/features/1.png.sclf"]);
        Directory.CreateDirectory(_cli.Folder["out/features/1.png.sclf"]);
        File.Delete(_cli.Folder["out/features/2.png.sclf"]);
        File.CreateSymbolicLink(_cli.Folder["out/features/2.png.sclf"], _cli.Folder["nowhere"]);
        var (code, output, error) = await Relabel("to");
        Assert.True(code == 0, error);
        Assert.Matches("by kept features +1\\s", output);
        Assert.Matches("by pixels +2\\s", output);
        foreach (var result in Results("to").Where(result => result.Image != "3.png"))
            Assert.Contains("they do not exist.", result.FeaturesUnused, StringComparison.Ordinal);
    }

    /// <summary>Relabels a folder with this marker, which is refused in one line.</summary>
    private async Task DamagedAsync(string marker, string reason)
    {
        _cli.Folder.Write("out/sclip-folder.json", marker);
        var (code, _, error) = await Relabel("to");
        Assert.Equal(1, code);
        Assert.StartsWith($"sclip: {_cli.Output}/sclip-folder.json, which says what the folder is, is damaged: {reason}", error, StringComparison.Ordinal);
        Assert.Equal(1, error.Count(letter => letter == '\n'));
        Assert.False(Directory.Exists(_cli.Folder["to"]));
    }

    /// <summary>Labels demo pictures, and keeps their features in <c>out</c>.</summary>
    private async Task<string> KeepAsync(string encoding, params int[] scenes)
    {
        foreach (var scene in scenes)
            _cli.Picture($"in/{scene}.png", scene);
        var (code, output, error) = await _cli.Label("--keep-features", encoding);
        Assert.True(code is 0 or 2, error);
        return output;
    }

    private Task<(int ExitCode, string Output, string Error)> Relabel(string to, params string[] more) =>
        SclipCli.Run(["relabel", _cli.Output, "--labels", Names, "--out", _cli.Folder[to], .. more]);

    private ImageResult[] Results(string folder) => [.. File.ReadLines(_cli.Folder[$"{folder}/results.jsonl"]).Select(line => ImageResult.TryParse(line)!)];

    private void Spoil(string name)
    {
        var bytes = File.ReadAllBytes(_cli.Folder[name]);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(_cli.Folder[name], bytes);
    }

    /// <summary>The share of pixels in which two masks differ.</summary>
    private double Difference(string one, string other, string mask)
    {
        var (first, second) = (Read(one), Read(other));
        return first.Zip(second).Count(pair => pair.First != pair.Second) / (double)first.Length;

        ushort[] Read(string folder) => MaskDecoder.Read(File.ReadAllBytes(_cli.Folder[$"{folder}/{mask}"]), ImageLimits.Default).Labels;
    }
}
