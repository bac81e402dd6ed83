using Sclip.Scaling.Autoscaling;

namespace Sclip.Scaling.Tests;

public sealed class KedaActivationTests
{
    private static readonly ScalerSettings Settings = new() { QueueLength = 4, UrgentQueueLength = 1, CooldownSeconds = 300 };

    [Fact]
    public void One_message_in_any_queue_wakes_one_worker()
    {
        Assert.Equal(0, new KedaActivation(Settings).Poll(0, 0, [0, 0]));
        Assert.Equal(1, new KedaActivation(Settings).Poll(0, 0, [0, 1]));
        Assert.Equal(1, new KedaActivation(Settings).Poll(0, 0, [1, 0]));
        Assert.Equal(7, new KedaActivation(Settings).Poll(0, 7, [1, 0]));
    }

    [Fact]
    public void The_activation_value_must_be_exceeded()
    {
        var keda = new KedaActivation(Settings with { ActivationValue = 5 });
        Assert.Equal(0, keda.Poll(0, 0, [5, 5]));
        Assert.Equal(1, keda.Poll(10, 0, [0, 6]));
    }

    [Fact]
    public void The_last_workers_end_once_all_queues_were_empty_for_the_cooldown()
    {
        var keda = new KedaActivation(Settings);
        Assert.Equal(3, keda.Poll(0, 3, [0, 1]));
        Assert.Equal(3, keda.Poll(300, 3, [0, 0]));
        Assert.Equal(0, keda.Poll(301, 3, [0, 0]));
    }

    [Fact]
    public void A_least_number_of_workers_stays()
    {
        var keda = new KedaActivation(Settings with { MinReplicas = 2 });
        Assert.Equal(2, keda.Poll(0, 0, [0, 0]));
        Assert.Equal(2, keda.Poll(10, 0, [1, 0]));
        Assert.Equal(5, keda.Poll(10000, 5, [0, 0]));
    }
}
