using Sclip.Scaling.Autoscaling;
using Sclip.Scaling.Cluster;
using Sclip.Scaling.Reports;

namespace Sclip.Scaling.Tests;

public sealed class SimulationTests
{
    /// <summary>Nothing by chance: ten seconds an image, none for a shard, 100 s until a worker is ready, 20 s to embed.</summary>
    private static readonly WorkerProfile Plain = new()
    {
        Name = "plain",
        WindowsPerSecond = 0.1,
        ShardOverheadSeconds = 0,
        EmbeddingSeconds = 20,
        NodeSeconds = 60,
        NodeSpread = 0,
        ImageSeconds = 20,
        ModelPullSeconds = 15,
        StartSeconds = 5,
        NodeLingerSeconds = 600,
    };

    private static readonly ScalerSettings Scaler = new() { QueueLength = 4, UrgentQueueLength = 1 };

    private static JobArrival Job(int images, double time = 0, bool urgent = false, int shardSize = 10) =>
        new() { Time = time, Images = images, ShardSize = shardSize, WindowsPerImage = 1, ImageSpread = 0, Urgent = urgent };

    [Fact]
    public void One_worker_takes_its_start_its_embedding_and_one_shard_after_the_other()
    {
        var outcome = Simulation.Run([Job(70)], Scaler with { MaxReplicas = 1 }, Plain, 1);
        Assert.Equal(100 + 20 + 7 * 100, outcome.Jobs[0].Duration, 6);
        Assert.Equal(1, outcome.PeakReplicas);
        // From the poll at 0: 820 s to the end; idle to the first poll more than 300 s after the last with messages (810); then 600 s empty.
        Assert.Equal(820.0 / 3600, (outcome.Hours[Activity.Starting] + outcome.Hours[Activity.Embedding] + outcome.Hours[Activity.Working]), 6);
        Assert.Equal((1140 - 820) / 3600.0, outcome.Hours[Activity.Idle], 6);
        Assert.Equal(600.0 / 3600, outcome.Hours[Activity.Empty], 6);
    }

    [Fact]
    public void Workers_share_a_job_evenly()
    {
        var outcome = Simulation.Run([Job(400)], Scaler with { QueueLength = 8, MinReplicas = 5, MaxReplicas = 5 }, Plain, 1);
        Assert.Equal(100 + 20 + 8 * 100, outcome.Jobs[0].Duration, 6);
    }

    [Theory]
    [InlineData(1, 300)]
    [InlineData(4, 300)]
    [InlineData(16, 0)]
    [InlineData(64, 0)]
    public void Every_shard_is_done_once_and_every_paid_hour_has_its_use(double queueLength, double stabilization)
    {
        var jobs = Scenarios.Mixed(1, 64, 3);
        var outcome = Simulation.Run(
            jobs, Scaler with { QueueLength = queueLength, Down = ScalingRules.DefaultDown with { StabilizationSeconds = stabilization } }, WorkerProfile.Cpu, 3);
        Assert.Equal(jobs.Sum(job => (long)job.Shards), outcome.ShardsDone);
        Assert.All(outcome.Jobs, job => Assert.Equal(job.Arrival.Shards, job.Done));
        Assert.Equal(outcome.PaidHours, outcome.Hours.Values.Sum(), 6);
        Assert.True(outcome.PeakReplicas <= 200);
    }

    [Fact]
    public void Work_that_is_given_back_is_not_done_again()
    {
        var jobs = Scenarios.Mixed(1, 64, 3);
        var calm = Simulation.Run(jobs, Scaler with { Down = ScalingRules.DefaultDown with { StabilizationSeconds = 1e9 } }, WorkerProfile.Cpu with { ShardOverheadSeconds = 0 }, 3);
        var restless = Simulation.Run(jobs, Scaler with { Down = ScalingRules.DefaultDown with { StabilizationSeconds = 0 } }, WorkerProfile.Cpu with { ShardOverheadSeconds = 0 }, 3);
        Assert.True(restless.Redeliveries > 100 * Math.Max(1, calm.Redeliveries), $"{restless.Redeliveries} against {calm.Redeliveries} shards were given back.");
        Assert.Equal(calm.Hours[Activity.Working], restless.Hours[Activity.Working], 3);
    }

    [Fact]
    public void The_same_seed_gives_the_same_outcome_and_another_gives_another()
    {
        static double[] Run(int seed)
        {
            var outcome = Simulation.Run(Scenarios.Mixed(1, 64, seed), Scaler, WorkerProfile.Cpu, seed);
            return [outcome.PaidHours, outcome.Redeliveries, .. outcome.Hours.Values, .. outcome.Jobs.Select(job => job.Duration)];
        }
        Assert.Equal(Run(5), Run(5));
        Assert.NotEqual(Run(5), Run(6));
    }

    [Fact]
    public void Between_two_jobs_far_apart_there_is_no_worker_and_no_node()
    {
        var outcome = Simulation.Run([Job(20), Job(20, time: 20000)], Scaler, Plain, 1);
        Assert.Contains(outcome.Samples, sample => sample is { Time: > 2000 and < 20000, Replicas: 0 });
        Assert.Equal(0, outcome.Samples[^1].Replicas);
        // Both pay the same: nothing runs on in between.
        Assert.Equal(2 * Simulation.Run([Job(20)], Scaler, Plain, 1).PaidHours, outcome.PaidHours, 1);
        Assert.InRange(outcome.Jobs[1].Duration, 100 + 20 + 200, 100 + 20 + 200 + Scaler.PollingSeconds);
    }

    [Fact]
    public void A_node_that_was_left_a_moment_ago_is_taken_again_and_has_the_image()
    {
        var outcome = Simulation.Run([Job(10), Job(10, time: 900)], Scaler, Plain, 1);
        // Cooled down before 630 s, empty until 1,200 s at least: model and process only, to which the next poll comes.
        Assert.Equal(20 + 20 + 100, outcome.Jobs[1].Duration, 6);
    }

    [Fact]
    public void An_urgent_job_passes_what_workers_have_in_hand()
    {
        var outcome = Simulation.Run([Job(400, shardSize: 100), Job(1, time: 500, urgent: true, shardSize: 1)], Scaler with { MaxReplicas = 1 }, Plain, 1);
        Assert.Equal(10, outcome.Jobs[1].Duration, 6);
        Assert.Equal(100 + 20 + 4000 + 10, outcome.Jobs[0].Duration, 6);
    }

    [Fact]
    public void Counting_ready_messages_only_ends_workers_at_work()
    {
        // One shard of 2,000 s: in work it is not ready, so the cooldown ends its worker again and again; nothing is lost.
        var job = Job(200, shardSize: 200);
        Assert.Equal(0, Simulation.Run([job], Scaler, Plain, 1).Redeliveries);
        var outcome = Simulation.Run([job], Scaler with { ExcludeUnacknowledged = true }, Plain, 1);
        Assert.True(outcome.Redeliveries >= 4, $"It was given back {outcome.Redeliveries} times.");
        Assert.Equal(1, outcome.ShardsDone);
    }

    [Fact]
    public void Ten_million_images_occupy_two_hundred_workers_whatever_the_queue_length()
    {
        var hours = new double[] { 1, 4 }.Select(length => Simulation.Run(Scenarios.Large(64), Scaler with { QueueLength = length }, WorkerProfile.Cpu, 1)).ToArray();
        Assert.All(hours, outcome => Assert.Equal(200, outcome.PeakReplicas));
        Assert.All(hours, outcome => Assert.Equal(156_250, outcome.ShardsDone));
        Assert.Equal(hours[0].Jobs[0].Duration, hours[1].Jobs[0].Duration, 0.001 * hours[0].Jobs[0].Duration);
    }

    [Fact]
    public void The_report_has_a_row_for_each_queue_length_and_the_figure_is_xml()
    {
        var text = new StringWriter();
        new ScalingReport(text, WorkerProfile.Cpu, 1).WriteQueueLengths();
        Assert.Equal(3, text.ToString().Split("\n| 64 |").Length - 1);
        var figure = System.Xml.Linq.XDocument.Parse(Figure.Svg(1));
        Assert.True(figure.Descendants().Count(element => element.Name.LocalName == "polyline") >= 9);
    }
}
