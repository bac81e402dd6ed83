using System.Diagnostics;
using System.Globalization;
using Sclip.Imaging;

namespace Sclip.Bench;

/// <summary>Decodes the pictures of a folder on one thread, those of each format in turn.</summary>
internal static class DecodeBench
{
    public static void Run(string folder, int rounds)
    {
        foreach (var format in Directory.GetFiles(folder).Order(StringComparer.Ordinal).GroupBy(Path.GetExtension))
        {
            var files = format.Select(File.ReadAllBytes).ToArray();
            var pixels = Round(files);
            var (start, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            for (var round = 0; round < rounds; round++)
                Round(files);
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            var milliseconds = (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / (rounds * files.Length);
            var (images, megapixels) = (rounds * files.Length / seconds, rounds * pixels / 1e6 / seconds);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{format.Key,-6} {files.Length} files, {images,6:F1} images/s, {megapixels,6:F1} MP/s, {milliseconds:F2} ms CPU an image"));
        }
    }

    private static long Round(byte[][] files) => files.Sum(file => ImageDecoder.Decode(file, ImageLimits.Default).Pixels.LongLength / 3);
}
