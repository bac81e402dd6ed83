using Sclip.Scaling.Autoscaling;

namespace Sclip.Scaling.Tests;

public sealed class HorizontalAutoscalerTests
{
    private static readonly ScalingRules Free = new() { StabilizationSeconds = 0, Policies = [new(ScalingUnit.Percent, 100000, 15)] };
    private static readonly ScalerSettings Settings = new() { QueueLength = 4, UrgentQueueLength = 1, Up = Free, Down = ScalingRules.DefaultDown with { StabilizationSeconds = 0 } };

    [Theory]
    [InlineData(1, 40, 10)]
    [InlineData(1, 41, 11)]
    [InlineData(20, 8, 2)]
    [InlineData(5, 0, 1)]
    [InlineData(1, 100000, 200)]
    public void Replicas_are_the_messages_over_the_queue_length_rounded_up_within_one_and_the_most(int current, double messages, int expected) =>
        Assert.Equal(expected, new HorizontalAutoscaler(Settings).Decide(0, current, [(messages, 4)]));

    [Theory]
    [InlineData(44, 10)]
    [InlineData(36, 10)]
    [InlineData(45, 12)]
    [InlineData(35, 9)]
    public void Within_a_tenth_of_the_target_nothing_changes(double messages, int expected) =>
        Assert.Equal(expected, new HorizontalAutoscaler(Settings).Decide(0, 10, [(messages, 4)]));

    [Fact]
    public void Of_two_queues_the_one_that_asks_for_more_decides()
    {
        Assert.Equal(25, new HorizontalAutoscaler(Settings).Decide(0, 5, [(100, 4), (7, 1)]));
        Assert.Equal(30, new HorizontalAutoscaler(Settings).Decide(0, 5, [(100, 4), (30, 1)]));
    }

    [Fact]
    public void A_queue_within_the_tolerance_keeps_what_there_is_though_the_other_is_empty() =>
        Assert.Equal(10, new HorizontalAutoscaler(Settings).Decide(0, 10, [(0, 4), (10, 1)]));

    [Fact]
    public void Without_replicas_it_does_nothing() => Assert.Equal(0, new HorizontalAutoscaler(Settings).Decide(0, 0, [(1000, 4)]));

    [Fact]
    public void By_default_it_doubles_or_adds_four_in_fifteen_seconds()
    {
        var autoscaler = new HorizontalAutoscaler(Settings with { Up = ScalingRules.DefaultUp });
        var replicas = new List<int> { 1 };
        for (var sync = 0; sync < 8; sync++)
            replicas.Add(autoscaler.Decide(sync * 15, replicas[^1], [(1e6, 4)]));
        Assert.Equal([1, 5, 10, 20, 40, 80, 160, 200, 200], replicas);
    }

    [Fact]
    public void A_policy_counts_what_its_period_has_seen_already()
    {
        var autoscaler = new HorizontalAutoscaler(Settings with { Up = new() { StabilizationSeconds = 0, Policies = [new(ScalingUnit.Pods, 4, 60)] } });
        var replicas = new List<int> { 1 };
        for (var sync = 0; sync < 6; sync++)
            replicas.Add(autoscaler.Decide(sync * 15, replicas[^1], [(1e6, 4)]));
        Assert.Equal([1, 5, 5, 5, 5, 9, 9], replicas);
    }

    [Fact]
    public void Downwards_a_percentage_is_of_the_replicas_at_the_start_of_its_period()
    {
        var autoscaler = new HorizontalAutoscaler(Settings with { Down = new() { StabilizationSeconds = 0, Policies = [new(ScalingUnit.Percent, 10, 60)] } });
        var replicas = new List<int> { 100 };
        for (var sync = 0; sync < 6; sync++)
            replicas.Add(autoscaler.Decide(sync * 15, replicas[^1], [(0, 4)]));
        Assert.Equal([100, 90, 90, 90, 90, 81, 81], replicas);
    }

    [Fact]
    public void It_goes_down_to_the_highest_of_the_window_and_only_once_that_is_old()
    {
        var autoscaler = new HorizontalAutoscaler(Settings with { Down = ScalingRules.DefaultDown });
        Assert.Equal(100, autoscaler.Decide(0, 100, [(400, 4)]));
        Assert.Equal(100, autoscaler.Decide(150, 100, [(200, 4)]));
        Assert.Equal(100, autoscaler.Decide(285, 100, [(40, 4)]));
        Assert.Equal(50, autoscaler.Decide(300, 100, [(40, 4)]));
        Assert.Equal(10, autoscaler.Decide(450, 50, [(40, 4)]));
    }

    [Fact]
    public void Upwards_a_window_takes_the_lowest()
    {
        var autoscaler = new HorizontalAutoscaler(Settings with { Up = Free with { StabilizationSeconds = 60 } });
        Assert.Equal(10, autoscaler.Decide(0, 10, [(40, 4)]));
        Assert.Equal(10, autoscaler.Decide(30, 10, [(400, 4)]));
        Assert.Equal(50, autoscaler.Decide(75, 10, [(200, 4)]));
    }
}
