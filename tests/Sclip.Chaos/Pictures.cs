using Sclip.Imaging;
using Sclip.Storage;
using Sclip.Testing;

namespace Sclip.Chaos;

/// <summary>Pictures that take the engine one window each: cut from the scenes of the demo.</summary>
internal static class Pictures
{
    public const string Container = "pictures";

    /// <summary>The 200 pictures of most jobs.</summary>
    public const string Prefix = "calm/";

    public const int Count = 200;

    /// <summary>The size of the picture that kills every process which computes it.</summary>
    public const int PoisonWidth = 67, PoisonHeight = 71;

    /// <summary>The size of the picture from which no decoder comes back.</summary>
    public const int EndlessWidth = 73, EndlessHeight = 79;

    /// <summary>The size of pictures that take the engine long, where it is told so.</summary>
    public const int SlowWidth = 66, SlowHeight = 70;

    private const int Side = 64;
    private static readonly RgbImage[] Scenes = [.. Enumerable.Range(1, 8).Select(ReadScene)];

    public static string NameOf(int i) => FormattableString.Invariant($"{Prefix}{i:000}.jpg");

    /// <summary>The file of a picture, each of another part of a scene.</summary>
    public static byte[] File(int i, int width = Side, int height = Side)
    {
        var scene = Scenes[i % Scenes.Length];
        var (left, top) = (i * 7 % (scene.Width - width), i * 5 % (scene.Height - height));
        var pixels = new byte[3 * width * height];
        for (var y = 0; y < height; y++)
            scene.Pixels.AsSpan(3 * ((top + y) * scene.Width + left), 3 * width).CopyTo(pixels.AsSpan(3 * y * width));
        return JpegEncoder.Encode(new RgbImage(width, height, pixels));
    }

    public static Task UploadAllAsync(IBlobStore store) => Parallel.ForEachAsync(
        Enumerable.Range(0, Count), async (i, token) => await store.WriteAsync(NameOf(i), File(i), WriteCondition.None, token));

    private static RgbImage ReadScene(int number) =>
        ImageDecoder.Decode(System.IO.File.ReadAllBytes(Path.Combine(Repository.Root, "models", "demo", "pictures", FormattableString.Invariant($"scene-{number}.png"))), ImageLimits.Default);
}
