using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation.Tests.Kernels;

public class ThreadsTests
{
    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 1)]
    [InlineData(3, 100)]
    [InlineData(3, 0)]
    public void Every_task_runs_once(int count, int tasks)
    {
        using var threads = new Threads(count);
        var runs = new int[tasks];
        threads.For(tasks, (task, _) => Interlocked.Increment(ref runs[task]));
        Assert.All(runs, run => Assert.Equal(1, run));
    }

    [Fact]
    public void Tasks_that_follow_at_once_or_after_the_threads_have_gone_to_sleep_each_run_once_and_before_the_call_returns()
    {
        using var threads = new Threads(3);
        for (var round = 0; round < 3000; round++)
        {
            if (round % 100 == 0)
                Thread.Sleep(2);
            var runs = new int[1 + round % 5];
            threads.For(runs.Length, (task, _) => runs[task]++);
            Assert.All(runs, run => Assert.Equal(1, run));
        }
    }

    [Fact]
    public void Tasks_at_the_same_time_have_working_memory_of_their_own()
    {
        using var threads = new Threads(3);
        using var all = new Barrier(3);
        var scratches = new Scratch[3];
        threads.For(3, (task, scratch) =>
        {
            scratches[task] = scratch;
            Assert.True(all.SignalAndWait(TimeSpan.FromMinutes(1)));
        });
        Assert.Equal(3, scratches.Distinct().Count());
    }

    [Fact]
    public void Threads_end_when_they_are_disposed()
    {
        var helpers = new Thread[3];
        using (var threads = new Threads(3))
        using (var all = new Barrier(3))
            threads.For(3, (task, _) =>
            {
                helpers[task] = Thread.CurrentThread;
                Assert.True(all.SignalAndWait(TimeSpan.FromMinutes(1)));
            });
        Assert.Equal(Thread.CurrentThread, Assert.Single(helpers, thread => thread.IsAlive));
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
