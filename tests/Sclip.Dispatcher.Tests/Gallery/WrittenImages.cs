using Sclip.Contracts;
using Sclip.Contracts.Jobs;

namespace Sclip.Dispatcher.Tests.Gallery;

/// <summary>Results that a test writes, by chance and by a seed: with equal keys, names that are no file's, results of earlier versions, and failures.</summary>
internal static class WrittenImages
{
    /// <summary>Words of failures that are counted together, though each names its image.</summary>
    public const string NamingError = "'…' is no picture.";

    /// <summary>Words of failures that name nothing.</summary>
    public const string PlainError = "no \"memory\"; DROP TABLE images; --";

    private static readonly string[] Odd = ["%", "_", "'quoted'", "\"; DROP TABLE images; --", "\u0000zero", "new\nline", "ÄÖÜ", "äöü", "\U0001F600", "\uFFFD", "\uE000", "a\\b", "$search", " ", "…", "Ünï/cödé", "UPPER", "upper"];

    public static ImageResult[] Shard(Random random, int shard, int images, string[] classes) =>
        [.. Enumerable.Range(0, images).Select(line => One(random, $"set/{random.Next(100):00}/{Odd[random.Next(Odd.Length)]}-{shard}-{line}.png", classes))];

    private static ImageResult One(Random random, string name, string[] classes)
    {
        var kind = random.Next(10);
        if (kind < 2)
            return new ImageResult { Image = name, Status = ImageStatus.Failed, Error = kind == 0 ? PlainError : $"'{JobNames.Shown(name)}' is no picture." };
        var present = classes.Where(_ => random.Next(3) > 0).ToArray();
        return new ImageResult
        {
            Image = name,
            Status = ImageStatus.Ok,
            Mask = $"masks/{name}.png",
            Width = 40,
            Height = 30,
            MeanConfidence = kind == 2 ? null : random.Next(8) / 8.0,
            Doubt = kind < 4 ? null : random.Next(8) / 8.0,
            Pixels = present.ToDictionary(present => present, _ => (long)random.Next(3) * 100),
            ClassDoubt = kind < 5 ? null : present.Where(_ => random.Next(5) > 0).ToDictionary(present => present, _ => random.Next(8) / 8.0),
        };
    }
}
