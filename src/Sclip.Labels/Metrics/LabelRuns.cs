using System.Diagnostics;

namespace Sclip.Labels;

/// <summary>Pixels in a row that share their labels.</summary>
/// <param name="Start">Index of the first pixel.</param>
/// <param name="Length">Number of pixels.</param>
/// <param name="Prediction">Their predicted label.</param>
/// <param name="Truth">Their ground truth.</param>
public readonly record struct PixelRun(int Start, int Length, ushort Prediction, ushort Truth);

/// <summary>
/// A prediction beside its ground truth as runs of pixels, in order, to be gone through by <c>foreach</c>. Label maps are mostly areas: what is
/// decided once a run costs a fraction of what is decided once a pixel.
/// </summary>
public ref struct LabelRuns
{
    // Runs that end within this many pixels are found faster one by one than by a vector search.
    private const int Short = 8;

    private readonly ReadOnlySpan<ushort> _prediction, _truth;
    private int _start, _end, _predictionEnd, _truthEnd;

    /// <summary>Puts a prediction beside its ground truth.</summary>
    /// <exception cref="ArgumentException">They differ in length.</exception>
    public LabelRuns(ReadOnlySpan<ushort> prediction, ReadOnlySpan<ushort> truth)
    {
        if (prediction.Length != truth.Length)
            throw new ArgumentException($"The prediction has {prediction.Length} pixels, the ground truth {truth.Length}.");
        _prediction = prediction;
        _truth = truth;
    }

    /// <summary>The run at hand.</summary>
    public readonly PixelRun Current => new(_start, _end - _start, _prediction[_start], _truth[_start]);

    /// <summary>Itself, for <c>foreach</c>.</summary>
    public readonly LabelRuns GetEnumerator() => this;

    /// <summary>Goes to the next run; false after the last.</summary>
    public bool MoveNext()
    {
        _start = _end;
        if (_start == _truth.Length)
            return false;
        // Each side is searched once for where its label changes, also where the other changes many times before.
        if (_start == _truthEnd)
            _truthEnd = EndOfRun(_truth, _start);
        if (_start == _predictionEnd)
            _predictionEnd = EndOfRun(_prediction, _start);
        _end = Math.Min(_predictionEnd, _truthEnd);
        Debug.Assert(_end > _start);
        return true;
    }

    private static int EndOfRun(ReadOnlySpan<ushort> labels, int start)
    {
        var label = labels[start];
        var near = Math.Min(start + Short, labels.Length);
        for (var i = start + 1; i < near; i++)
            if (labels[i] != label)
                return i;
        var length = labels[near..].IndexOfAnyExcept(label);
        return length < 0 ? labels.Length : near + length;
    }
}
