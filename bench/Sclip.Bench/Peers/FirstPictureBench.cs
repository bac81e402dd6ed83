using System.Diagnostics;
using System.Globalization;
using Sclip.Imaging;
using Sclip.Segmentation;
using Sclip.Segmentation.Windows;

namespace Sclip.Bench.Peers;

/// <summary>
/// The first picture from the start of the process: <c>sclip label</c> of one, its class names embedded before, in turns with a process in which
/// ONNX Runtime loads the graph, optimises it and runs once over as many windows. That process is compiled as it runs, while sclip is compiled ahead; so our
/// whole process is told beside what ONNX Runtime alone took in its own, too.
/// </summary>
internal static class FirstPictureBench
{
    public const string OnnxCommand = "peers-first-onnx";
    private const int Width = 500, Height = 375;
    private const string Names = "background, aeroplane, bicycle, bird, boat, bottle, bus, car, cat, chair, cow, table, dog, horse, motorbike, person, plant, sheep, sofa, train, screen";

    public static async Task RunAsync(string scratch, string model, string smallModel, string onnx, int rounds)
    {
        ReadyProgram.Require();
        Directory.CreateDirectory(scratch);
        var picture = Path.Combine(scratch, "picture.jpg");
        var pixels = new byte[3 * Width * Height];
        new Random(1).NextBytes(pixels);
        File.WriteAllBytes(picture, JpegEncoder.Encode(new RgbImage(Width, Height, pixels)));
        using (var clip = ClipModel.Load(model, 1, packVision: false))
            VisionGraph.Write(onnx, clip.Tensors, clip.Config);
        // As label does by default: a short side of 336, windows of 224 every 112.
        var windows = SlidingWindow.Cover(336, 448, 224, 112).Length;
        Console.WriteLine($"{Processor.Describe()}\none picture of {Width} x {Height}, {windows} windows, files in the page cache, {rounds} rounds");

        (string Name, string[] Command)[] programs =
        [
            ("ONNX Runtime: load, optimise, run once", [typeof(FirstPictureBench).Assembly.Location, OnnxCommand, model, onnx, windows.ToString(CultureInfo.InvariantCulture)]),
            ("sclip label", Label(model)),
            ("sclip label with the demo's small model", Label(smallModel)),
            ("sclip --version", [ReadyProgram.Path, "--version"]),
        ];
        foreach (var (_, command) in programs)
            await TimeAsync(command);
        var (seconds, loading, running) = (Array.ConvertAll(programs, _ => new List<double>()), new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
            for (var i = 0; i < programs.Length; i++)
            {
                var (wall, output) = await TimeAsync(programs[i].Command);
                seconds[i].Add(wall);
                if (i > 0)
                    continue;
                var said = output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
                loading.Add(double.Parse(said[0], CultureInfo.InvariantCulture));
                running.Add(double.Parse(said[1], CultureInfo.InvariantCulture));
            }
        double[] alone = [.. loading.Zip(running, (load, run) => load + run)];
        Console.WriteLine("| process | seconds (least) | speed to ONNX Runtime's process | to what ONNX Runtime took in it |\n|---|---|---|---|");
        for (var i = 0; i < programs.Length; i++)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {programs[i].Name} | {Medians.Of(seconds[i]):F2} ({seconds[i].Min():F2}) | {Medians.Of([.. seconds[i].Zip(seconds[0], (ours, theirs) => theirs / ours)]):F2} | {Medians.Of([.. seconds[i].Zip(alone, (ours, theirs) => theirs / ours)]):F2} |"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"ONNX Runtime in its process: loaded and optimised in {Medians.Of(loading):F2} s, first run {Medians.Of(running):F2} s"));

        string[] Label(string of) => [ReadyProgram.Path, "label", picture, "--model", of, "--labels", Names, "--out", Path.Combine(scratch, "out")];

        async Task<(double Seconds, string Output)> TimeAsync(string[] command)
        {
            // What is there already would not be labelled again.
            if (Directory.Exists(Path.Combine(scratch, "out")))
                Directory.Delete(Path.Combine(scratch, "out"), recursive: true);
            return await ReadyProgram.TimeAsync(command, Path.Combine(scratch, "cache"));
        }
    }

    /// <summary>The other process: says the seconds of loading with optimising, and of the first run.</summary>
    public static void RunOnnx(string model, string onnx, int windows)
    {
        var batch = WindowBatch.Plain(windows, ClipConfig.Load(model));
        var start = Stopwatch.GetTimestamp();
        using var peer = new OnnxPeer(onnx, Environment.ProcessorCount);
        var loaded = Stopwatch.GetElapsedTime(start).TotalSeconds;
        start = Stopwatch.GetTimestamp();
        peer.Take(batch);
        peer.Forward();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{loaded:F3} {Stopwatch.GetElapsedTime(start).TotalSeconds:F3}"));
    }
}
