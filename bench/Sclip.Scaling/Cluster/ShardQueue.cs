namespace Sclip.Scaling.Cluster;

/// <summary>A queue of the broker: messages in order, to consumers in turn, each of which has one at most.</summary>
internal sealed class ShardQueue
{
    private readonly Queue<Shard> _ready = new();

    /// <summary>Consumers that wait, in the order in which they will be served.</summary>
    public Queue<Worker> Consumers { get; } = new();

    public int Ready => _ready.Count;

    /// <summary>Messages delivered and not acknowledged.</summary>
    public int Unacknowledged { get; private set; }

    public void Publish(Shard shard) => _ready.Enqueue(shard);

    public Shard Deliver()
    {
        Unacknowledged++;
        return _ready.Dequeue();
    }

    public void Acknowledge() => Unacknowledged--;
}
