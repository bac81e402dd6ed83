using Sclip.Chaos;
using Sclip.Contracts;

namespace Sclip.Soak.Jobs;

/// <summary>The pictures that jobs are made of: good ones, slow ones, damaged ones, deadly ones and ones that hang.</summary>
internal static class SoakPictures
{
    public const int Slow = 40, Damaged = 40, Deadly = 4, Hanging = 4;

    /// <summary>The folder of those that hang.</summary>
    public const string HangingFolder = "hanging/";

    public static string Good(int i) => Pictures.NameOf(i);

    public static string SlowOne(int i) => FormattableString.Invariant($"slow/{i:00}.jpg");

    public static string DeadlyOne(int i) => FormattableString.Invariant($"deadly/{i}.jpg");

    public static string HangingOne(int i) => FormattableString.Invariant($"{HangingFolder}{i}.jpg");

    /// <summary>A damaged picture, and the reason that it must fail for.</summary>
    public static (string Name, string Reason) DamagedOne(int i) => (i % 4) switch
    {
        0 => (FormattableString.Invariant($"damaged/truncated-{i:00}.jpg"), FailureReasons.Damaged),
        1 => (FormattableString.Invariant($"damaged/text-{i:00}.png"), FailureReasons.Damaged),
        2 => (FormattableString.Invariant($"damaged/gone-{i:00}.jpg"), FailureReasons.Missing),
        _ => (FormattableString.Invariant($"damaged//{i:00}.jpg"), FailureReasons.Name),
    };

    /// <summary>Puts all into the store but the good ones, which are there.</summary>
    public static async Task UploadAsync(ChaosCluster cluster)
    {
        for (var i = 0; i < Slow; i++)
            await cluster.UploadAsync(SlowOne(i), Pictures.File(i, Pictures.SlowWidth, Pictures.SlowHeight));
        for (var i = 0; i < Deadly; i++)
            await cluster.UploadAsync(DeadlyOne(i), Pictures.File(i, Pictures.PoisonWidth, Pictures.PoisonHeight));
        for (var i = 0; i < Hanging; i++)
            await cluster.UploadAsync(HangingOne(i), Pictures.File(i, Pictures.EndlessWidth, Pictures.EndlessHeight));
        for (var i = 0; i < Damaged; i++)
            if (i % 4 < 2)
                await cluster.UploadAsync(DamagedOne(i).Name, i % 4 == 0 ? Pictures.File(i)[..400] : "no picture at all"u8.ToArray());
    }
}
