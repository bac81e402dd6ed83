using Sclip.Evaluation.Predictions;
using Sclip.Evaluation.Reports;

namespace Sclip.Cli.Evaluating;

/// <summary>Sees whether predictions belong together and with the ground truth; what is in the way is refused, or told of where a part is enough.</summary>
/// <param name="context">Where it is told.</param>
/// <param name="partial">Whether a part is enough.</param>
internal sealed class EvalChecks(CliContext context, bool partial)
{
    /// <summary>Refuses masks of another run among the predictions.</summary>
    /// <exception cref="UserException">There are some.</exception>
    public async Task RequireOneRunAsync(PredictionFolder predictions)
    {
        if (predictions.Unreadable() is > 0 and var torn)
            await context.Error.WriteLineAsync($"WARNING: {Figures.Whole(torn)} {(torn == 1 ? "line" : "lines")} of {Path.Combine(predictions.Folder, "results.jsonl")} cannot be read, and what {(torn == 1 ? "it tells" : "they tell")} is not known.");
        var strangers = predictions.Strangers(context.Stop);
        if (strangers.Count == 0)
            return;
        var said = $"{Figures.Whole(strangers.Count)} {(strangers.Count == 1 ? "mask" : "masks")} in {predictions.Folder} {(strangers.Count == 1 ? "is" : "are")} named by no result in results.jsonl, and may be of another run: {strangers}";
        if (!partial)
            throw new UserException($"{said}\nTake them away; or give --partial to evaluate all that is there.");
        await context.Error.WriteLineAsync($"WARNING: {said}");
    }

    /// <summary>Refuses predictions without ground truth, and the other way round.</summary>
    /// <exception cref="UserException">There are some.</exception>
    public async Task RequirePairsAsync(MaskMatch match)
    {
        if (match.IsWhole)
        {
            if (match.Failed.Count > 0)
                await context.Error.WriteLineAsync($"warning: neither labelled nor in the ground truth:\n{match.Describe()}");
            return;
        }
        if (!partial)
            throw new UserException($"Predictions and ground truth do not match; {Figures.Whole(match.Pairs)} {(match.Pairs == 1 ? "picture has" : "pictures have")} both:\n{match.Describe()}\nGive --partial to evaluate those that have both.");
        await context.Error.WriteLineAsync($"WARNING: partial: only {Figures.Whole(match.Pairs)} {(match.Pairs == 1 ? "picture that has" : "pictures that have")} both count, and the measures say nothing of the rest:\n{match.Describe()}");
    }
}
