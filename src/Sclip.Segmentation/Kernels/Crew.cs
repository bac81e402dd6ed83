using System.Runtime.ExceptionServices;

namespace Sclip.Segmentation.Kernels;

/// <summary>
/// Threads that help a caller with numbered tasks. The stages of a forward pass follow each other within microseconds, and to wake a thread that
/// sleeps takes longer: so helpers look out for the next tasks a while before they sleep.
/// </summary>
internal sealed class Crew : IDisposable
{
    private readonly Waiter _caller = new();
    private readonly Helper[] _helpers;
    private volatile Tasks _tasks;
    private volatile bool _ended;
    private int _busy;

    public Crew(int helpers)
    {
        _tasks = new Tasks(0, (_, _) => { }, _caller);
        _helpers = [.. Enumerable.Range(1, helpers).Select(lane => new Helper(this, lane))];
    }

    /// <summary>
    /// Runs tasks 0..count-1, handed out in order to whichever thread is free; they are told its lane, 0 for the caller. Where some fail, no more are
    /// begun, and the exception of the first of them by number is thrown.
    /// </summary>
    public void Run(int count, Action<int, int> task)
    {
        var tasks = new Tasks(count, task, _caller);
        if (Interlocked.Exchange(ref _busy, 1) == 1)
            throw new InvalidOperationException("The engine's threads have a caller already.");
        _tasks = tasks;
        foreach (var helper in _helpers.AsSpan(0, Math.Min(_helpers.Length, count - 1)))
            helper.Wake();
        tasks.Work(lane: 0);
        try
        {
            tasks.WaitForHelpers();
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }

    public void Dispose()
    {
        _ended = true;
        foreach (var helper in _helpers)
            helper.Join();
    }

    private sealed class Tasks(int count, Action<int, int> task, Waiter caller)
    {
        private Action<int, int>? _task = task;
        private int _next = -1;
        private readonly Lock _failing = new();
        private int _working;
        private int _failed = int.MaxValue;
        private ExceptionDispatchInfo? _error;

        public void Work(int lane)
        {
            Interlocked.Increment(ref _working);
            var i = count;
            try
            {
                for (i = Interlocked.Increment(ref _next); i < count; i = Interlocked.Increment(ref _next))
                    _task!(i, lane);
            }
            catch (Exception error)
            {
                // Nothing more is begun. What stands before it was, so that which failure is the first does not depend on which came first.
                Interlocked.Exchange(ref _next, count);
                lock (_failing)
                    if (i < _failed)
                        (_failed, _error) = (i, ExceptionDispatchInfo.Capture(error));
            }
            if (Interlocked.Decrement(ref _working) == 0)
                caller.Wake();
        }

        /// <summary>To be called behind one's own work, when no task is left: who has not begun by then finds none.</summary>
        public void WaitForHelpers()
        {
            caller.WaitUntil(() => Volatile.Read(ref _working) == 0);
            // What it holds, such as a label map, is not to live until the next tasks come.
            _task = null;
            _error?.Throw();
        }
    }

    private sealed class Helper
    {
        private readonly Waiter _waiter = new();
        private readonly Crew _crew;
        private readonly int _lane;
        private readonly Thread _thread;

        public Helper(Crew crew, int lane)
        {
            (_crew, _lane) = (crew, lane);
            _thread = new Thread(Work) { IsBackground = true, Name = $"engine, thread {lane + 1}" };
            _thread.Start();
        }

        public void Wake() => _waiter.Wake();

        public void Join()
        {
            Wake();
            _thread.Join();
        }

        private void Work()
        {
            // Whatever is there when it begins is new to it, also what was given before it came so far.
            Tasks? done = null;
            for (_waiter.WaitUntil(HasTasks); !_crew._ended; _waiter.WaitUntil(HasTasks))
            {
                done = _crew._tasks;
                done.Work(_lane);
            }

            bool HasTasks() => _crew._tasks != done || _crew._ended;
        }
    }
}
