using Sclip.Chaos;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Soak.Cluster;

namespace Sclip.Soak.Jobs;

/// <summary>Makes up jobs.</summary>
/// <param name="labels">The classes.</param>
internal sealed class JobDraws(IReadOnlyList<LabelClass> labels)
{
    private const string Model = "demo/model";
    private const int MostImages = 200, MostShardSize = 20;

    // 2 seconds to decode, 5 to come back after that, and up to 10 until the worker that met it has ended (SCLIP_WORKER__PICTURESECONDS, and the product's times).
    private const double SecondsPerHang = 17;
    private int _count, _models;

    /// <summary>Seconds that one worker takes for a picture that is not slow.</summary>
    public double SecondsPerImage { get; set; } = SoakWorkers.DelayMilliseconds / 1000.0;

    /// <summary>All good pictures.</summary>
    public SoakJob Calm() => Job("calm", new Random(0), [.. Enumerable.Range(0, Pictures.Count).Select(SoakPictures.Good)]);

    /// <summary>1 to 200 good pictures, small jobs as likely as large ones.</summary>
    public SoakJob Regular(Random random) => Job("regular", random, Good(random, (int)Math.Round(Math.Pow(MostImages, random.NextDouble()))));

    /// <summary>Good pictures, and among them damaged ones: from one to a third.</summary>
    public SoakJob Damaged(Random random)
    {
        var good = Good(random, random.Next(20, 100));
        var damaged = Enumerable.Range(0, SoakPictures.Damaged).OrderBy(_ => random.Next()).Take(random.Next(1, Math.Min(SoakPictures.Damaged, good.Length / 2))).Select(SoakPictures.DamagedOne).ToDictionary();
        return Job("damaged pictures", random, [.. good, .. damaged.Keys], damaged);
    }

    /// <summary>Good pictures, and one that kills the process that computes it.</summary>
    public SoakJob Deadly(Random random)
    {
        var deadly = SoakPictures.DeadlyOne(random.Next(SoakPictures.Deadly));
        return Job("deadly picture", random, [.. Good(random, random.Next(5, 30)), deadly], new Dictionary<string, string> { [deadly] = FailureReasons.WorkerDied }, kills: true);
    }

    /// <summary>Good pictures, and one from which no decoder comes back.</summary>
    public SoakJob Hanging(Random random)
    {
        var hanging = SoakPictures.HangingOne(random.Next(SoakPictures.Hanging));
        return Job("hanging picture", random, [.. Good(random, random.Next(5, 30)), hanging], new Dictionary<string, string> { [hanging] = FailureReasons.TimedOut }, more: SecondsPerHang);
    }

    /// <summary>One shard of slow pictures, longer than the broker waits for an acknowledgement.</summary>
    public SoakJob Slow() => new(Request([.. Enumerable.Range(0, SoakPictures.Slow).Select(SoakPictures.SlowOne)], SoakPictures.Slow, priority: 0), "slow shard")
    {
        Seconds = SoakPictures.Slow * SoakWorkers.SlowMilliseconds / 1000.0,
    };

    /// <summary>Good pictures, and a model of its own, which no worker has.</summary>
    public SoakJob OfOtherModel(Random random) => Job("other model", random, Good(random, random.Next(1, 60)), model: FormattableString.Invariant($"soak/model-{Interlocked.Increment(ref _models)}"));

    /// <summary>Good pictures, and a model that there is not.</summary>
    public SoakJob OfNoModel(Random random) => Job("no model", random, Good(random, random.Next(1, 60)), model: "soak/none", isHopeless: true);

    /// <summary>One good picture.</summary>
    public SoakJob Probe(Random random) => new(Request(Good(random, 1), 1, random.Next(2) * 9), "probe") { Seconds = SecondsPerImage };

    private static string[] Good(Random random, int count) => [.. Enumerable.Range(0, Pictures.Count).OrderBy(_ => random.Next()).Take(count).Select(SoakPictures.Good)];

    private SoakJob Job(
        string kind, Random random, string[] images, IReadOnlyDictionary<string, string>? failures = null, bool kills = false, double more = 0, string model = Model, bool isHopeless = false) =>
        new(Request(images, random.Next(1, MostShardSize + 1), random.Next(10), model), kind)
        {
            Failures = failures ?? new Dictionary<string, string>(),
            Seconds = model == Model ? images.Length * SecondsPerImage + more : 0,
            Kills = kills,
            IsHopeless = isHopeless,
        };

    // An id of its own, by which a submit that fails half-way goes on.
    private JobRequest Request(string[] images, int shardSize, int priority, string model = Model) => new()
    {
        Id = FormattableString.Invariant($"soak-{Interlocked.Increment(ref _count)}"),
        Input = Pictures.Container,
        Images = images,
        Labels = labels,
        Model = model,
        ShardSize = shardSize,
        Priority = priority,
    };
}
