using Sclip.Worker.Engines;

namespace Sclip.Worker.Tests.Engines;

public sealed class LeaseBalanceTests
{
    [Fact]
    public void Work_goes_where_there_is_least_and_first_to_the_first()
    {
        var balance = new LeaseBalance(3);
        Assert.Equal([0, 1, 2, 0], Enumerable.Range(0, 4).Select(_ => balance.Take()));
        balance.Give(2);
        Assert.Equal(2, balance.Take());
        balance.Give(0);
        balance.Give(0);
        Assert.Equal([0, 0, 1], Enumerable.Range(0, 3).Select(_ => balance.Take()));
    }
}
