using System.Globalization;
using Sclip.Contracts;

namespace Sclip.Formats.Importing.LabelStudio;

/// <summary>What is to be told of tasks of Label Studio's as a whole.</summary>
internal sealed class LabelStudioCounts
{
    private readonly SortedDictionary<string, long> _others = new(StringComparer.Ordinal);
    private long _withoutPicture, _withoutAnnotation, _skipped, _several, _predictions, _withoutLabel;

    /// <summary>Counts a task.</summary>
    /// <returns>Whether it has a picture and an annotation to read.</returns>
    public bool Take(LabelStudioTask task)
    {
        if (task.Picture is null)
            _withoutPicture++;
        else if (task.IsSkipped)
            _skipped++;
        else if (!task.IsAnnotated)
            _withoutAnnotation++;
        else
        {
            _several += task.HasOthers ? 1 : 0;
            _predictions += task.IsPrediction ? 1 : 0;
            _withoutLabel += task.Shapes.Count(shape => shape.Label is null);
            foreach (var type in task.Others)
                _others[type] = _others.GetValueOrDefault(type) + 1;
            return true;
        }
        return false;
    }

    /// <summary>A sentence each.</summary>
    public IEnumerable<string> Describe()
    {
        foreach (var (count, what) in ((long, string)[])
            [
                (_withoutPicture, "without a picture in its data: passed over"), (_skipped, "that annotators skipped: passed over"), (_withoutAnnotation, "without an annotation or prediction: passed over"),
                (_several, "with several annotations: the first that is not cancelled is read"), (_predictions, "without an annotation: the prediction is read"),
            ])
            if (count > 0)
                yield return $"{Counted.Of(count, "task")} {what}.";
        if (_withoutLabel > 0)
            yield return $"{Counted.Of(_withoutLabel, "region")} without a label: passed over.";
        if (_others.Count > 0)
            yield return $"Not read, since they are no masks: {string.Join(", ", _others.Select(item => string.Create(CultureInfo.InvariantCulture, $"{item.Value} {item.Key}")))}.";
    }
}
