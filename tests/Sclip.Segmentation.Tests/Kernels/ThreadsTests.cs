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

    [Fact]
    public void Of_tasks_that_fail_the_first_by_number_is_told_though_a_later_one_failed_before()
    {
        using var threads = new Threads(2);
        using var later = new ManualResetEventSlim();
        Assert.Equal("two", Assert.Throws<SegmentationException>(() => threads.For(4, (task, _) =>
        {
            if (task == 2)
            {
                later.Wait(TimeSpan.FromSeconds(10));
                // Long enough for the other's exception to be out.
                Thread.Sleep(50);
                throw new SegmentationException("two");
            }
            if (task == 3)
            {
                later.Set();
                throw new SegmentationException("three");
            }
        })).Message);
    }

    [Fact]
    public void Where_a_task_fails_no_more_are_begun()
    {
        using var threads = new Threads(2);
        var begun = 0;
        Assert.Throws<SegmentationException>(() => threads.For(5000, (task, _) =>
        {
            Interlocked.Increment(ref begun);
            if (task == 0)
                throw new SegmentationException("zero");
            Thread.Sleep(1);
        }));
        Assert.InRange(begun, 1, 4999);
    }
}
