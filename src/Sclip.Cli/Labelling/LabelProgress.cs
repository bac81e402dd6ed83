using System.Diagnostics;
using Sclip.Labels;
using Sclip.Segmentation;
using Sclip.Worker.Models;

namespace Sclip.Cli.Labelling;

/// <summary>Embeds labels, telling what there is to know of the model, and how far it is where it takes long.</summary>
internal static class LabelProgress
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    public static LabelEmbeddings Embed(CliContext context, ClipModel model, LabelSet labels, PromptTemplates templates)
    {
        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(context.Stop, context.Abort);
        TellWarnings(context, model);
        return model.EmbedLabels(
            labels, templates, ModelCache.OfUser().LabelEmbeddings, new Reporter(context), warning => context.Error.WriteLine($"warning: {warning}"), interrupted.Token);
    }

    /// <summary>Tells what is odd about a model's files.</summary>
    public static void TellWarnings(CliContext context, ClipModel model)
    {
        foreach (var warning in model.Warnings)
            context.Error.WriteLine($"warning: {warning}");
    }

    private sealed class Reporter(CliContext context) : IProgress<double>
    {
        private long _last = Stopwatch.GetTimestamp();

        public void Report(double value)
        {
            if (Stopwatch.GetElapsedTime(_last) < Interval)
                return;
            _last = Stopwatch.GetTimestamp();
            context.Output.WriteLine($"embedding the class names, once: {value:P0}");
        }
    }
}
