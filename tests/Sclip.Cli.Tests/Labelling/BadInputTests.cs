using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.Versioning;
using Sclip.Testing;

namespace Sclip.Cli.Tests.Labelling;

[SupportedOSPlatform("linux")]
public sealed class BadInputTests : IDisposable
{
    private readonly SclipCli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task One_bad_picture_never_stops_the_rest()
    {
        var good = await File.ReadAllBytesAsync(_cli.Picture("in/good.png"), TestContext.Current.CancellationToken);
        _cli.Folder.Write("in/truncated.png", good.AsSpan(0, good.Length / 2));
        _cli.Folder.Write("in/empty.jpg", "");
        _cli.Folder.Write("in/text.png", "no picture at all");
        _cli.Folder.Write("in/bomb.png", Bomb(good));
        _cli.Folder.Write("in/misnamed.jpg", good);
        File.CreateSymbolicLink(_cli.Folder["in/unreadable.png"], _cli.Folder["nowhere.png"]);
        var (code, output, error) = await _cli.Label();
        Assert.Equal(2, code);
        Assert.Equal("ok", _cli.Result("good.png")["status"]!.GetValue<string>());
        Assert.Equal("ok", _cli.Result("misnamed.jpg")["status"]!.GetValue<string>());
        foreach (var (image, reason) in ((string, string)[])[("truncated.png", "truncated"), ("empty.jpg", "empty"), ("text.png", "no picture"), ("bomb.png", "--max-pixels"), ("unreadable.png", "does not exist")])
        {
            var result = _cli.Result(image);
            Assert.Equal("failed", result["status"]!.GetValue<string>());
            Assert.Contains(reason, result["error"]!.GetValue<string>(), StringComparison.Ordinal);
            Assert.Contains($"failed: {image}: ", error, StringComparison.Ordinal);
        }
        Assert.Matches("failed +5\\s", output);
        Assert.Equal(2, Directory.GetFiles(Path.Combine(_cli.Output, "masks")).Length);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pictures_of_every_format_in_a_folder_are_labelled_and_what_cannot_be_read_of_them_fails_by_name()
    {
        foreach (var name in (string[])["rgb8.heic", "rgb8.avif", "lzw.tif", "run-lengths.bmp", "run-lengths.tga", "animated.gif", "rgb8.ppm"])
            _cli.Folder.Write($"in/{name}", await File.ReadAllBytesAsync(Path.Combine(Repository.Root, "tests", "Sclip.Imaging.Tests", "Fixtures", name), TestContext.Current.CancellationToken));
        _cli.Folder.Write("in/text.tga", "no picture at all");
        _cli.Folder.Write("in/film.heic", "\0\0\0\u0014ftypisom\0\0\0\0mp42");
        var (code, output, _) = await _cli.Label();
        Assert.Equal(2, code);
        Assert.Matches("failed +2\\s", output);
        Assert.Equal(7, Directory.GetFiles(Path.Combine(_cli.Output, "masks")).Length);
        Assert.Contains("the file is no picture", _cli.Result("text.tga")["error"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("the file is a video", _cli.Result("film.heic")["error"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_too_small_for_the_model_fails_alone()
    {
        _cli.Picture("in/a.png");
        _cli.Folder.Write("in/dot.jpg", Imaging.JpegEncoder.Encode(new Imaging.RgbImage(2, 2, new byte[12])));
        Assert.Equal(2, (await _cli.Label()).ExitCode);
        Assert.Contains("--short-side", _cli.Result("dot.jpg")["error"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("ok", _cli.Result("a.png")["status"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("--device is gpu: it must be auto, cuda, cuda:N", "--device", "gpu")]
    [InlineData("sclip: cuda:99: ", "--device", "cuda:99")]
    [InlineData("sclip: cuda:99: ", "--devices", "99")]
    [InlineData("--devices is 1,1: ", "--devices", "1,1")]
    [InlineData("--devices is 0 beside the device cpu", "--device", "cpu", "--devices", "0")]
    [InlineData("--precision is int8: ", "--precision", "int8")]
    [InlineData("--precision is fp16: the device cpu computes in fp32 and bf16 alone", "--device", "cpu", "--precision", "fp16")]
    [InlineData("--batch is 0: ", "--batch", "0")]
    public async Task A_device_that_cannot_be_had_is_refused_and_nothing_else_is_taken_for_it(string expected, params string[] options)
    {
        _cli.Picture("in/a.png");
        await Refuses(_cli.Label(options), expected);
        Assert.False(Directory.Exists(_cli.Output));
    }

    [Fact]
    public async Task No_pictures_is_an_error_that_says_where()
    {
        Directory.CreateDirectory(_cli.Folder["in"]);
        await Refuses(_cli.Label(), "There are no pictures", _cli.Folder["in"]);
    }

    [Theory]
    [InlineData("in")]
    [InlineData("in/**/*.png")]
    public async Task A_folder_that_may_not_be_read_is_named_and_nothing_is_labelled(string input)
    {
        _cli.Picture("in/a.png");
        _cli.Picture("in/deep/closed/b.png");
        File.SetUnixFileMode(_cli.Folder["in/deep/closed"], UnixFileMode.None);
        File.SetUnixFileMode(_cli.Folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        try
        {
            var (code, _, error) = Unprivileged.Run(() => SclipCli.Run(["label", _cli.Folder[input], "--labels", "grass, sky", "--model", SclipCli.Model, "--out", _cli.Output]));
            Assert.Equal(1, code);
            Assert.Contains($"sclip: Not all pictures of {_cli.Folder[input]} can be found: Access to the path '{_cli.Folder["in/deep/closed"]}' is denied.", error, StringComparison.Ordinal);
            Assert.False(Directory.Exists(_cli.Output));
        }
        finally
        {
            File.SetUnixFileMode(_cli.Folder["in/deep/closed"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public async Task Folders_that_are_not_looked_into_are_told()
    {
        _cli.Picture("in/a.png");
        _cli.Picture("elsewhere/b.png");
        Directory.CreateSymbolicLink(_cli.Folder["in/link"], _cli.Folder["elsewhere"]);
        await SclipCli.Run(["label", _cli.Folder["elsewhere"], "--labels", "grass, sky", "--model", SclipCli.Model, "--out", _cli.Folder["in/results"]]);
        var (code, _, error) = await _cli.Label();
        Assert.Equal(0, code);
        Assert.Contains($"passed over: {_cli.Folder["in/link"]} (a link to a folder; give what it leads to as an input of its own)\n", error, StringComparison.Ordinal);
        Assert.Contains($"passed over: {_cli.Folder["in/results"]} (it holds what `sclip label` labelled)\n", error, StringComparison.Ordinal);
        Assert.Equal(["a.png"], _cli.Results.Select(result => result["image"]!.GetValue<string>()));
    }

    [Fact]
    public Task A_missing_input_is_named() => Refuses(_cli.Label(), _cli.Folder["in"], "does not exist");

    [Theory]
    [InlineData("cat,, dog", "empty")]
    [InlineData("cat, dog, CAT", "CAT")]
    [InlineData("no-such-file.txt", "no-such-file.txt")]
    public Task Labels_that_cannot_be_used_are_refused(string labels, string mention)
    {
        _cli.Picture("in/a.png");
        return Refuses(SclipCli.Run(["label", _cli.Folder["in"], "--labels", labels, "--model", SclipCli.Model, "--out", _cli.Output]), mention);
    }

    [Fact]
    public async Task A_class_name_longer_than_the_context_is_cut_with_a_warning()
    {
        _cli.Picture("in/a.png");
        var name = string.Join(' ', Enumerable.Repeat("grass", 40));
        // The second time the embeddings come from the cache, and the name is as long as before.
        for (var run = 0; run < 2; run++)
        {
            var (code, _, error) = await SclipCli.Run(["label", _cli.Folder["in"], "--labels", $"{name}, sky", "--model", SclipCli.Model, "--out", _cli.Output, "--force"]);
            Assert.Equal(0, code);
            Assert.Contains("warning: The class name 'grass grass", error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("--method", "slcip", "slcip")]
    [InlineData("--method", "sclip-random:0", "sclip-random")]
    [InlineData("--stride", "65", "stride")]
    [InlineData("--crop", "-1", "crop")]
    [InlineData("--patch-stride", "0", "--patch-stride: the patch stride must be at least 1 pixel; it is 0.")]
    [InlineData("--patch-stride", "33", "the patch stride must not exceed the side of the model's patches")]
    [InlineData("--method", "cliptrase:clusters", "the crop must be 0 (--crop 0)")]
    [InlineData("--short-side", "2049", "the short side must be 0 (images as they are) to 2048 pixels")]
    [InlineData("--prob-threshold", "2", "probability")]
    [InlineData("--prob-threshold", "0,1", "--prob-threshold must be a number such as 0.5")]
    [InlineData("--area-threshold", "1,000", "--area-threshold must be a number such as 0.5")]
    [InlineData("--logit-scale", "4,5", "with a point and no comma; it is '4,5'")]
    [InlineData("--logit-scale", "NaN", "--logit-scale must be a number")]
    [InlineData("--prob-threshold", "0.97", "none of the classes is it")]
    [InlineData("--area-threshold", "0.1", "none of the classes is it")]
    [InlineData("--threads", "0", "--threads")]
    [InlineData("--templates", "/no/such/file", "/no/such/file")]
    [InlineData("--model", "/no/such/model", "/no/such/model")]
    [InlineData("--model", "org/unknown", "sclip model pull org/unknown")]
    [InlineData("--pamr-dilations", "a", "--pamr-dilations")]
    [InlineData("--pamr-dilations", "1,2", "--pamr-dilations refines nothing without --pamr")]
    [InlineData("--pamr-steps", "5", "--pamr-steps refines nothing without --pamr")]
    [InlineData("--crop", "1e3", "sclip: --crop must be a whole number without commas or points; it is '1e3'.\n")]
    [InlineData("--short-side", "1,000", "--short-side must be a whole number")]
    [InlineData("--max-pixels", "x", "--max-pixels must be a whole number")]
    [InlineData("--picture-seconds", "0", "--picture-seconds must be at least 1")]
    [InlineData("--templates", " ", "--templates is given an empty value")]
    [InlineData("--corp", "5", "There is no option --corp; did you mean --crop?")]
    public Task Options_that_cannot_be_are_refused(string option, string value, string mention)
    {
        _cli.Picture("in/a.png");
        return Refuses(SclipCli.Run(["label", _cli.Folder["in"], "--labels", "grass, sky", "--out", _cli.Output, .. option == "--model" ? [] : (string[])["--model", SclipCli.Model], option, value]), mention);
    }

    [Theory]
    [InlineData("label", "--method")]
    [InlineData("explore", "--methods")]
    [InlineData("benchmark", "--methods")]
    public async Task A_projection_that_is_no_matrix_of_the_models_is_refused_before_any_picture(string command, string option)
    {
        _cli.Picture("in/a.png");
        string[] data = command == "benchmark" ? ["--images", $"{SclipCli.Demo}/pictures", "--ground-truth", $"{SclipCli.Demo}/ground-truth", "--limit", "1"] : [_cli.Folder["in"]];
        Task<(int ExitCode, string Output, string Error)> Run(string method) =>
            SclipCli.Run([command, .. data, "--labels", $"{SclipCli.Demo}/labels.json", "--model", SclipCli.Model, "--out", _cli.Output, option, method]);

        var method = _cli.Projection(1, width: 64);
        await Refuses(Run(method), "w.npy has shape [64, 64]; this model's projection is [128, 128]");
        _cli.Projection(float.NaN);
        await Refuses(Run(method), "w.npy holds values that are no finite numbers");
        _cli.Folder.Write("w.npy", "no array");
        await Refuses(Run(method), "w.npy cannot be read", "not a NumPy array file");
        Assert.False(Path.Exists(_cli.Output));
    }

    [Fact]
    public async Task Missing_labels_are_asked_for()
    {
        var (code, _, error) = await SclipCli.Run(["label", "x"]);
        Assert.Equal(1, code);
        Assert.Contains("--labels", error, StringComparison.Ordinal);
    }

    [Fact]
    public Task A_corrupt_model_is_refused()
    {
        _cli.Picture("in/a.png");
        foreach (var file in Directory.GetFiles(SclipCli.Model))
            _cli.Folder.Write($"model/{Path.GetFileName(file)}", File.ReadAllBytes(file));
        _cli.Folder.Write("model/model.safetensors", File.ReadAllBytes(Path.Combine(SclipCli.Model, "model.safetensors")).AsSpan(0, 1_000_000));
        return Refuses(SclipCli.Run(["label", _cli.Folder["in"], "--labels", "grass", "--model", _cli.Folder["model"], "--out", _cli.Output]), "model.safetensors", "truncated");
    }

    [Fact]
    public Task An_output_folder_that_cannot_be_written_is_named()
    {
        _cli.Picture("in/a.png");
        _cli.Folder.Write("out", "a file in its place");
        return Refuses(_cli.Label(), _cli.Output, "cannot be written");
    }

    [Fact]
    public async Task An_output_that_fails_midway_ends_the_run_and_keeps_what_is_done()
    {
        _cli.Picture("in/a.png");
        Assert.Equal(0, (await _cli.Label()).ExitCode);
        Directory.Delete(_cli.Folder["out/masks"], recursive: true);
        _cli.Folder.Write("out/masks", "a file where the folder should be");
        await Refuses(_cli.Label(), "masks", "cannot be written");
        File.Delete(_cli.Folder["out/masks"]);
        Assert.Equal(0, (await _cli.Label()).ExitCode);
    }

    [Fact]
    public async Task Names_that_no_mask_can_have_fail_alone()
    {
        var name = new string('x', 249) + ".png";
        _cli.Picture($"in/{name}");
        _cli.Picture("in/new\nline.png");
        _cli.Picture("in/back\\slash.png");
        _cli.Picture("in/good.png");
        Assert.Equal(2, (await _cli.Label()).ExitCode);
        Assert.Equal("ok", _cli.Result("good.png")["status"]!.GetValue<string>());
        Assert.Contains("longer than the file system takes", _cli.Result(name)["error"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("control character", _cli.Result("new\nline.png")["error"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("backslash", _cli.Result("back\\slash.png")["error"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pictures_that_lie_in_the_output_are_no_input()
    {
        _cli.Picture("in/a.png");
        foreach (var output in (string[])["in", "."])
        {
            var (code, _, error) = await SclipCli.Run(["label", _cli.Folder["in"], "--labels", "grass, sky", "--model", SclipCli.Model, "--out", _cli.Folder[output]]);
            Assert.Equal(1, code);
            Assert.Contains("is where the pictures lie, or above them", error, StringComparison.Ordinal);
        }
        Assert.Equal(["a.png"], Directory.GetFileSystemEntries(_cli.Folder["in"]).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Help_tells_the_exit_codes()
    {
        var (code, output, _) = await SclipCli.Run(["--help"]);
        Assert.Equal(0, code);
        Assert.Contains("130", output, StringComparison.Ordinal);
    }

    private static async Task Refuses(Task<(int ExitCode, string Output, string Error)> run, params string[] mentions)
    {
        var (code, _, error) = await run;
        Assert.Equal(1, code);
        Assert.All(mentions, mention => Assert.Contains(mention, error, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("unexpected", error, StringComparison.Ordinal);
    }

    /// <summary>A small PNG that claims 60000 x 60000 pixels.</summary>
    private static byte[] Bomb(byte[] png)
    {
        var bomb = png.ToArray();
        BinaryPrimitives.WriteUInt32BigEndian(bomb.AsSpan(16), 60000);
        BinaryPrimitives.WriteUInt32BigEndian(bomb.AsSpan(20), 60000);
        BinaryPrimitives.WriteUInt32BigEndian(bomb.AsSpan(29), Crc32.HashToUInt32(bomb.AsSpan(12, 17)));
        return bomb;
    }
}
