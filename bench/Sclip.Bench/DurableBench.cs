using System.Diagnostics;
using System.Globalization;
using Sclip.Storage;

namespace Sclip.Bench;

/// <summary>What it costs to wait for the disk: the same blobs into the same folder with and without, in turns.</summary>
internal static class DurableBench
{
    private const int Blobs = 400;

    public static async Task RunAsync(string folder, int rounds)
    {
        foreach (var (what, bytes, atOnce) in new[] { ("a mask of 4 kB", 4_000, 1), ("a mask of 4 kB", 4_000, 8), ("a result of 64 kB", 64_000, 1), ("scores of 4 MB", 4_000_000, 4) })
            for (var round = 0; round < rounds; round++)
                foreach (var durable in (bool[])[false, true])
                {
                    var (path, blobs) = (Path.Combine(folder, $"{durable}"), bytes > 1_000_000 ? Blobs / 10 : Blobs);
                    var seconds = await WriteAsync(new FileBlobStore(path, durable), new byte[bytes], blobs, atOnce);
                    Directory.Delete(path, recursive: true);
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}, {atOnce} at once, {(durable ? "durable" : "not durable"),11}: {1000 * seconds / blobs,7:F3} ms a blob"));
                }
    }

    private static async Task<double> WriteAsync(FileBlobStore store, byte[] content, int blobs, int atOnce)
    {
        new Random(1).NextBytes(content);
        var start = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(Enumerable.Range(0, blobs), new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (i, token) =>
            await store.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"masks/{i}.png"), content, WriteCondition.Missing, token));
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
