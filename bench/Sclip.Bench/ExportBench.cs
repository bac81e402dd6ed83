using System.Diagnostics;
using System.Globalization;
using Sclip.Contracts;
using Sclip.Formats;
using Sclip.Imaging;
using Sclip.Labels;

namespace Sclip.Bench;

/// <summary>Exports generated masks of 512 x 512 to each format: their rate, CPU time, and the memory at the peak of each export.</summary>
internal static class ExportBench
{
    private const int Side = 512, Patches = 40, Different = 50;
    private static readonly LabelClass[] Classes = [.. Enumerable.Range(0, 8).Select(i => new LabelClass { Name = $"class {i}" })];

    public static async Task RunAsync(string folder, int masks, int threads, string? only)
    {
        var input = Path.Combine(folder, "masks");
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Generate(input, masks);
        foreach (var format in ExportFormat.All.Where(format => only is null || format.Name == only))
        {
            var (start, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            GC.Collect();
            // Lets the kernel count the peak anew.
            await File.WriteAllTextAsync("/proc/self/clear_refs", "5");
            var options = new ExportOptions { Format = format, Threads = threads, Things = format.HasThings ? [1, 2, 3] : [] };
            var output = Path.Combine(folder, format.Name);
            var (summary, _) = await Exporter.RunAsync(ExportSource.OfFolder(input, null), output, options, (image, reason) => Console.Error.WriteLine($"{image}: {reason}"), null, CancellationToken.None);
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            var milliseconds = (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / summary.Exported;
            var bytes = Directory.GetFiles(output, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{format.Name,-15} {summary.Exported} masks, {summary.Exported / seconds,6:F0} masks/s, {milliseconds,5:F2} ms CPU a mask, peak {PeakMegabytes(),4} MB, {bytes / 1e3 / summary.Exported,6:F1} kB a mask"));
        }
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Patches of the nearest of random centres, with ragged edges; a part of the masks are different, and the rest repeats them.</summary>
    private static void Generate(string folder, int count)
    {
        Directory.CreateDirectory(Path.Combine(folder, "masks"));
        File.WriteAllBytes(Path.Combine(folder, MaskLabels.FileName), MaskLabels.Write(Classes));
        using var results = new StreamWriter(Path.Combine(folder, "results.jsonl"));
        var pngs = Enumerable.Range(0, Math.Min(count, Different)).Select(Draw).ToArray();
        for (var i = 0; i < count; i++)
        {
            var mask = $"masks/{i:000000}.png";
            File.WriteAllBytes(Path.Combine(folder, mask), pngs[i % pngs.Length]);
            results.WriteLine(new ImageResult { Image = $"{i:000000}.jpg", Status = ImageStatus.Ok, Mask = mask, Width = Side, Height = Side, MeanConfidence = 0.5 }.ToLine());
        }
    }

    private static byte[] Draw(int seed)
    {
        var random = new Random(seed);
        var centres = Enumerable.Range(0, Patches).Select(_ => (X: random.Next(Side), Y: random.Next(Side), Label: (ushort)random.Next(Classes.Length))).ToArray();
        var labels = new ushort[Side * Side];
        for (var i = 0; i < labels.Length; i++)
        {
            var (x, y) = (i % Side + 6 * Math.Sin(i / Side / 9.0) + random.NextDouble() * 2, i / Side + 6 * Math.Sin(i % Side / 11.0));
            var (label, best) = ((ushort)0, double.MaxValue);
            foreach (var centre in centres)
                if ((centre.X - x) * (centre.X - x) + (centre.Y - y) * (centre.Y - y) is var distance && distance < best)
                    (label, best) = (centre.Label, distance);
            labels[i] = label;
        }
        using var png = new MemoryStream();
        MaskEncoder.Write(png, labels, Side, Side, Palette.Of(Classes));
        return png.ToArray();
    }

    private static long PeakMegabytes()
    {
        var peak = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}
