using Sclip.Scaling.Autoscaling;

namespace Sclip.Scaling.Cluster;

/// <summary>
/// Jobs, queues, workers and nodes, event by event. The same arguments give the same outcome: shards' work is drawn by their job's number,
/// nodes' by their own, so that settings are compared on the same jobs.
/// </summary>
internal sealed class Simulation
{
    private const double PlannedShardsPerSecond = 100;
    private const double PlanStep = 1;
    private const double LongestRun = 60 * 86400;
    private const int Urgent = 0, Bulk = 1;

    private readonly ScalerSettings _scaler;
    private readonly WorkerProfile _profile;
    private readonly int _seed;
    private readonly KedaActivation _keda;
    private readonly HorizontalAutoscaler _autoscaler;
    private readonly Random _nodeDraws;
    private readonly Random _names;

    // Events of one time run in the order in which they were scheduled: nothing depends on how the heap breaks ties.
    private readonly PriorityQueue<Action, (double Time, long Order)> _events = new();
    private readonly List<Job> _jobs;
    private readonly ShardQueue[] _queues = [new(), new()];
    private readonly List<Worker> _replicas = [];
    private readonly List<Node> _emptyNodes = [];
    private readonly List<Node> _nodes = [];
    private readonly List<Sample> _samples = [];
    private double _now, _paid;
    private long _order, _done;
    private int _open, _liveNodes, _stopping, _redeliveries;

    private Simulation(IReadOnlyList<JobArrival> jobs, ScalerSettings scaler, WorkerProfile profile, int seed)
    {
        (_scaler, _profile, _seed) = (scaler, profile, seed);
        (_keda, _autoscaler) = (new(scaler), new(scaler));
        (_nodeDraws, _names) = (new Random(seed), new Random(seed + 1));
        _jobs = [.. jobs.Select(job => new Job(job))];
        _open = _jobs.Count;
    }

    /// <summary>Runs until all jobs are done and all nodes are given back (where there may be none).</summary>
    /// <exception cref="InvalidOperationException">It does not come to an end.</exception>
    public static Outcome Run(IReadOnlyList<JobArrival> jobs, ScalerSettings scaler, WorkerProfile profile, int seed) => new Simulation(jobs, scaler, profile, seed).Run();

    private bool IsOver => _open == 0 && _replicas.Count == _scaler.MinReplicas && _stopping == 0 && _liveNodes == _replicas.Count;

    private Outcome Run()
    {
        for (var job = 0; job < _jobs.Count; job++)
        {
            var (arrived, draws) = (_jobs[job], new Random(HashCode(job)));
            At(arrived.Arrival.Time, () => Plan(arrived, draws));
        }
        At(0, Poll);
        At(0, Sync);
        while (!IsOver && _events.TryDequeue(out var happens, out var when))
        {
            _now = when.Time <= LongestRun ? when.Time : throw new InvalidOperationException("The jobs are not done after 60 days: the settings cannot work.");
            happens();
        }
        foreach (var worker in _replicas)
            GiveBack(worker.Node);
        return new Outcome
        {
            Jobs = _jobs,
            Samples = _samples,
            Hours = Enum.GetValues<Activity>().ToDictionary(activity => activity, activity => _nodes.Sum(node => node.Seconds(activity)) / 3600),
            PaidHours = _paid / 3600,
            Redeliveries = _redeliveries,
            ShardsDone = _done,
        };
    }

    private int HashCode(int job) => unchecked(_seed * 7919 + job * 104729 + 1);

    private void At(double time, Action happens) => _events.Enqueue(happens, (time, _order++));

    private void Plan(Job job, Random draws)
    {
        var (arrival, queue) = (job.Arrival, job.Arrival.Urgent ? Urgent : Bulk);
        for (var n = 0; n < PlannedShardsPerSecond * PlanStep && job.Planned < arrival.Shards; n++)
        {
            var images = Math.Min(arrival.ShardSize, arrival.Images - job.Planned++ * arrival.ShardSize);
            _queues[queue].Publish(new Shard(job, draws.LogNormalSum(images, arrival.ImageSpread) * arrival.WindowsPerImage / _profile.WindowsPerSecond));
        }
        Serve(queue);
        if (job.Planned < arrival.Shards)
            At(_now + PlanStep, () => Plan(job, draws));
    }

    private double Messages(ShardQueue queue) => queue.Ready + (_scaler.ExcludeUnacknowledged ? 0 : queue.Unacknowledged);

    private void Poll()
    {
        Scale(_keda.Poll(_now, _replicas.Count, [Messages(_queues[Urgent]), Messages(_queues[Bulk])]));
        At(_now + _scaler.PollingSeconds, Poll);
    }

    private void Sync()
    {
        Scale(_autoscaler.Decide(_now, _replicas.Count, [(Messages(_queues[Urgent]), _scaler.UrgentQueueLength), (Messages(_queues[Bulk]), _scaler.QueueLength)]));
        _samples.Add(new Sample(_now, _queues.Sum(queue => queue.Ready + queue.Unacknowledged), _replicas.Count));
        At(_now + _scaler.SyncSeconds, Sync);
    }

    private void Scale(int replicas)
    {
        while (_replicas.Count < replicas)
            Create();
        if (_replicas.Count == replicas)
            return;
        _replicas.Sort(new VictimOrder(_now));
        var victims = _replicas[..(_replicas.Count - replicas)];
        _replicas.RemoveRange(0, victims.Count);
        foreach (var victim in victims)
            Stop(victim);
    }

    private void Create()
    {
        Node node;
        var start = _profile.ModelPullSeconds + _profile.StartSeconds;
        if (_emptyNodes.Count > 0)
        {
            node = _emptyNodes[^1];
            _emptyNodes.RemoveAt(_emptyNodes.Count - 1);
            node.Vacancy++;
            node.Begin(Activity.Starting, _now);
        }
        else
        {
            node = new Node(_now) { Ready = _now + _nodeDraws.LogNormal(_profile.NodeSeconds, _profile.NodeSpread) };
            _nodes.Add(node);
            _liveNodes++;
            _paid -= _now;
            start += _profile.ImageSeconds;
        }
        var worker = new Worker(_names.Next(), node, _now);
        _replicas.Add(worker);
        At(Math.Max(_now, node.Ready) + start, () => Start(worker));
    }

    private void Start(Worker worker)
    {
        if (worker.Stopping)
            return;
        worker.Ready = _now;
        worker.Node.Begin(Activity.Idle, _now);
        foreach (var queue in (int[])[Urgent, Bulk])
            Wait(worker, queue);
    }

    private void Wait(Worker worker, int queue)
    {
        _queues[queue].Consumers.Enqueue(worker);
        Serve(queue);
    }

    private void Serve(int number)
    {
        var queue = _queues[number];
        while (queue.Ready > 0 && queue.Consumers.TryDequeue(out var worker))
        {
            if (worker.Stopping)
                continue;
            Suspend(worker);
            var shard = queue.Deliver();
            shard.Left += _profile.ShardOverheadSeconds;
            worker.Hands[number] = shard;
            worker.Embedding[number] = worker.Knows(shard.Job.Arrival.LabelSet) ? 0 : _profile.EmbeddingSeconds;
            Resume(worker);
        }
    }

    /// <summary>Books what was done since the engine's last change of hands.</summary>
    private void Suspend(Worker worker)
    {
        if (worker.Current is not (>= 0 and var hand))
            return;
        var spent = worker.Node.Since(_now);
        if (worker.Node.Activity == Activity.Embedding)
            worker.Embedding[hand] = Math.Max(0, worker.Embedding[hand] - spent);
        else
            worker.Hands[hand]!.Left = Math.Max(0, worker.Hands[hand]!.Left - spent);
    }

    private void Resume(Worker worker)
    {
        var plan = ++worker.Plan;
        if (worker.Current is not (>= 0 and var hand))
        {
            worker.Node.Begin(Activity.Idle, _now);
            return;
        }
        var shard = worker.Hands[hand]!;
        var embeds = worker.Embedding[hand] > 0 && !worker.Knows(shard.Job.Arrival.LabelSet);
        worker.Node.Begin(embeds ? Activity.Embedding : Activity.Working, _now);
        At(_now + (embeds ? worker.Embedding[hand] : shard.Left), () => Proceed(worker, hand, plan));
    }

    private void Proceed(Worker worker, int hand, int plan)
    {
        if (worker.Plan != plan)
            return;
        var shard = worker.Hands[hand]!;
        worker.Use(shard.Job.Arrival.LabelSet, _profile.LabelSetsKept);
        if (worker.Node.Activity == Activity.Embedding)
        {
            worker.Embedding[hand] = 0;
            Resume(worker);
            return;
        }
        worker.Hands[hand] = null;
        Commit(shard, hand);
        Resume(worker);
        Wait(worker, hand);
    }

    private void Commit(Shard shard, int queue)
    {
        _queues[queue].Acknowledge();
        _done++;
        var job = shard.Job;
        if (++job.Done < job.Arrival.Shards)
            return;
        job.Finished = _now;
        _open--;
    }

    /// <summary>SIGTERM: the image in the engine is finished, the rest of the shard goes back to the end of its queue.</summary>
    private void Stop(Worker worker)
    {
        worker.Stopping = true;
        Suspend(worker);
        worker.Plan++;
        if (worker.Current is not (>= 0 and var hand))
        {
            Leave(worker.Node);
            return;
        }
        var shard = worker.Hands[hand]!;
        var image = Math.Min(shard.Left, shard.Job.Arrival.WindowsPerImage / _profile.WindowsPerSecond);
        var embeds = worker.Node.Activity == Activity.Embedding;
        var last = Math.Min(_profile.GraceSeconds, embeds ? worker.Embedding[hand] : image);
        worker.Node.Begin(worker.Node.Activity, _now);
        _stopping++;
        At(_now + last, () =>
        {
            if (!embeds)
                shard.Left -= last;
            End(worker);
        });
    }

    private void End(Worker worker)
    {
        _stopping--;
        for (var hand = 0; hand < worker.Hands.Length; hand++)
            if (worker.Hands[hand] is { } shard)
            {
                if (shard.Left <= 0)
                {
                    Commit(shard, hand);
                    continue;
                }
                _queues[hand].Acknowledge();
                _queues[hand].Publish(shard);
                _redeliveries++;
                Serve(hand);
            }
        Leave(worker.Node);
    }

    private void Leave(Node node)
    {
        node.Begin(Activity.Empty, _now);
        _emptyNodes.Add(node);
        var vacancy = ++node.Vacancy;
        At(Math.Max(_now, node.Ready) + _profile.NodeLingerSeconds, () =>
        {
            if (node.Vacancy != vacancy)
                return;
            _emptyNodes.Remove(node);
            GiveBack(node);
        });
    }

    private void GiveBack(Node node)
    {
        node.Begin(Activity.Empty, _now);
        _paid += _now;
        _liveNodes--;
    }
}
