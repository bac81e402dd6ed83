using Sclip.Labels;
using Sclip.Segmentation;
using Sclip.Worker.Models;

namespace Sclip.Cli.Labelling;

/// <summary>Embeds labels, telling what there is to know of the model, and how far it is where it takes long.</summary>
internal static class LabelProgress
{
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
        private readonly Throttle _throttle = new();

        public void Report(double value)
        {
            if (_throttle.Passes())
                context.Output.WriteLine($"embedding the class names, once: {value:P0}");
        }
    }
}
