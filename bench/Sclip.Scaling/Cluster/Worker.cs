namespace Sclip.Scaling.Cluster;

/// <summary>A pod: it consumes both queues, one shard of each at a time, and urgent images go first through its engine.</summary>
internal sealed class Worker(int number, Node node, double created)
{
    private readonly LinkedList<int> _labelSets = new();

    /// <summary>Breaks ties as random names of pods do.</summary>
    public int Number => number;

    public Node Node => node;

    public double Created => created;

    /// <summary>When it became ready; null before.</summary>
    public double? Ready { get; set; }

    public bool Stopping { get; set; }

    /// <summary>Shards in hand: urgent, bulk.</summary>
    public Shard?[] Hands { get; } = new Shard?[2];

    /// <summary>Seconds of embedding left for each shard in hand.</summary>
    public double[] Embedding { get; } = new double[2];

    /// <summary>Rises with each change of plan: what was scheduled before is void.</summary>
    public int Plan { get; set; }

    /// <summary>The hand that has the engine; -1 where both are empty.</summary>
    public int Current => Hands[0] is not null ? 0 : Hands[1] is not null ? 1 : -1;

    public bool Knows(int labelSet) => _labelSets.Contains(labelSet);

    /// <summary>Keeps the embeddings that were used last.</summary>
    public void Use(int labelSet, int most)
    {
        _labelSets.Remove(labelSet);
        _labelSets.AddLast(labelSet);
        if (_labelSets.Count > most)
            _labelSets.RemoveFirst();
    }
}
