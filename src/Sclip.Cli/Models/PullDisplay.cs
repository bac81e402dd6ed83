using Sclip.Worker.Models;
using Spectre.Console;

namespace Sclip.Cli.Models;

/// <summary>Shows a pull: bars on a terminal, else a line a file and a line every tenth of a large one.</summary>
internal static class PullDisplay
{
    /// <summary>Runs a pull while its progress is shown.</summary>
    public static async Task<string> Run(TextWriter output, IAnsiConsole? terminal, Func<IProgress<PullProgress>, Action<string>, Task<string>> pull)
    {
        if (terminal is null)
            return await pull(new Lines(output), output.WriteLine);
        return await terminal.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new DownloadedColumn(), new TransferSpeedColumn(), new RemainingTimeColumn())
            .StartAsync(context => pull(new Bars(context), output.WriteLine));
    }

    private sealed class Bars(ProgressContext context) : IProgress<PullProgress>
    {
        private readonly Dictionary<string, ProgressTask> _tasks = [];

        public void Report(PullProgress value)
        {
            if (!_tasks.TryGetValue(value.File, out var task))
                _tasks.Add(value.File, task = context.AddTask(Markup.Escape(Printable.Line(value.File))));
            task.IsIndeterminate = value.Total is null;
            task.MaxValue = Math.Max(value.Total ?? value.Bytes, 1);
            task.Value = value is { Done: true } ? task.MaxValue : value.Bytes;
        }
    }

    private sealed class Lines(TextWriter output) : IProgress<PullProgress>
    {
        private const long LargeFile = 10_000_000;
        private readonly Dictionary<string, long> _tenths = [];

        public void Report(PullProgress value)
        {
            if (value.Done)
            {
                output.WriteLine($"{value.File}: {Figures.Bytes(value.Bytes)}, complete");
                return;
            }
            var tenth = value.Total is > LargeFile and var total ? 10 * value.Bytes / total : 0;
            if (tenth > _tenths.GetValueOrDefault(value.File))
                output.WriteLine($"{value.File}: {10 * tenth} % of {Figures.Bytes(value.Total!.Value)}");
            _tenths[value.File] = tenth;
        }
    }
}
