using System.CommandLine;
using Sclip.Imaging;
using Sclip.Labels;
using Sclip.Scenes;

var seed = new Option<ulong>("--seed") { Description = "Which scenes: the same seed draws the same.", Required = true };
var count = new Option<int>("--count") { Description = "How many.", Required = true };
var output = new Option<string>("--out") { Description = "The folder they go to.", Required = true };
var side = new Option<int>("--side") { Description = "Width and height of a window in pixels.", DefaultValueFactory = _ => 64 };
var simple = new Option<bool>("--simple") { Description = "One background and at most one thing a window." };

var windows = new Command("windows", "Draw windows for training: pictures.npy [count, side, side, 3], labels.npy [count, side, side], contents.npy [count], a bit a class.") { seed, count, output, side, simple };
windows.SetAction(parsed => DrawWindows(parsed.GetRequiredValue(output), parsed.GetRequiredValue(seed), parsed.GetRequiredValue(count), parsed.GetRequiredValue(side), parsed.GetValue(simple)));
var scenes = new Command("scenes", "Draw whole scenes: pictures/scene-N.png and ground-truth/scene-N.png.") { seed, count, output };
scenes.SetAction(parsed => DrawScenes(parsed.GetRequiredValue(output), parsed.GetRequiredValue(seed), parsed.GetRequiredValue(count)));
return new RootCommand("Draws the synthetic scenes of the demo model.") { windows, scenes }.Parse(args).Invoke();

static void DrawWindows(string folder, ulong seed, int count, int side, bool isSimple)
{
    Directory.CreateDirectory(folder);
    using var pictures = File.Create(Path.Combine(folder, "pictures.npy"));
    using var labels = File.Create(Path.Combine(folder, "labels.npy"));
    using var contents = File.Create(Path.Combine(folder, "contents.npy"));
    pictures.Write(Npy.Header("|u1", count, side, side, 3));
    labels.Write(Npy.Header("|u1", count, side, side));
    contents.Write(Npy.Header("<u2", count));
    foreach (var (picture, seen) in Windows.Draw(seed, count, side, isSimple))
    {
        pictures.Write(picture.Rgb);
        labels.Write(picture.Labels);
        contents.Write(BitConverter.GetBytes(seen));
    }
}

static void DrawScenes(string folder, ulong seed, int count)
{
    var palette = Palette.PascalVoc(SceneClasses.All.Count);
    foreach (var part in (string[])["pictures", "ground-truth"])
        Directory.CreateDirectory(Path.Combine(folder, part));
    for (var i = 0; i < count; i++)
    {
        var scene = Scene.Full(new SceneRandom(seed + (ulong)i));
        var picture = scene.Draw(0, 0, scene.Width, scene.Height);
        PngFile.Write(Path.Combine(folder, "pictures", $"scene-{i + 1}.png"), picture.Rgb, picture.Width, picture.Height);
        using var mask = File.Create(Path.Combine(folder, "ground-truth", $"scene-{i + 1}.png"));
        MaskEncoder.Write(mask, [.. picture.Labels.Select(label => (ushort)label)], picture.Width, picture.Height, palette);
    }
}
