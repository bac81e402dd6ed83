using Sclip.Scaling.Cluster;

namespace Sclip.Scaling.Tests;

public sealed class VictimOrderTests
{
    [Fact]
    public void Pods_go_without_a_node_first_then_those_not_ready_then_the_young_then_any()
    {
        const double Now = 10000;
        Worker Pod(int number, double created, double? ready, double nodeReady = 0) => new(number, new Node(0) { Ready = nodeReady }, created) { Ready = ready };
        var old = Pod(3, 100, 200);
        var asOld = Pod(2, 400, 600);
        var young = Pod(9, 9000, 9990);
        var loading = Pod(1, 9950, null);
        var pending = Pod(8, 9990, null, nodeReady: 10050);
        var pods = new List<Worker> { old, young, asOld, pending, loading };
        pods.Sort(new VictimOrder(Now));
        // 9,800 s and 9,400 s are of one power of two in nanoseconds: their names decide.
        Assert.Equal([pending, loading, young, asOld, old], pods);
    }
}
