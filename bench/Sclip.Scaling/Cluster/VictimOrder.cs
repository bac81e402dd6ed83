namespace Sclip.Scaling.Cluster;

/// <summary>
/// Which pods a Deployment gives up first (kubernetes/kubernetes, pkg/controller/controller_utils.go, ActivePodsWithRanks; one worker a node):
/// those without a node, those not ready, then the younger by the power of two of their age, else any. Whether a pod has work does not count.
/// </summary>
internal sealed class VictimOrder(double now) : IComparer<Worker>
{
    public int Compare(Worker? x, Worker? y)
    {
        var order = Unscheduled(y!).CompareTo(Unscheduled(x!));
        if (order == 0)
            order = (x!.Ready is not null).CompareTo(y!.Ready is not null);
        if (order == 0)
            order = Age(x!).CompareTo(Age(y!));
        return order == 0 ? x!.Number.CompareTo(y!.Number) : order;
    }

    private bool Unscheduled(Worker worker) => worker.Node.Ready > now;

    private int Age(Worker worker) => (int)Math.Log2(Math.Max((now - (worker.Ready ?? worker.Created)) * 1e9, 1));
}
