using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation.Tests.Kernels;

public class ThreadsTests
{
    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 1)]
    [InlineData(3, 100)]
    public void Every_task_runs_once(int count, int tasks)
    {
        using var threads = new Threads(count);
        var runs = new int[tasks];
        threads.For(tasks, (task, _) => Interlocked.Increment(ref runs[task]));
        Assert.All(runs, run => Assert.Equal(1, run));
    }

    [Fact]
    public void A_tasks_exception_comes_out_as_it_was_thrown()
    {
        using var threads = new Threads(2);
        Assert.Equal("seven", Assert.Throws<SegmentationException>(() => threads.For(10, (task, _) =>
        {
            if (task == 7)
                throw new SegmentationException("seven");
        })).Message);
    }
}
