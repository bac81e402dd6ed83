using System.Globalization;
using Sclip.Labels;
using Sclip.Scenes;
using Sclip.Segmentation;
using Sclip.Segmentation.Windows;

namespace Sclip.Bench;

/// <summary>
/// Which measure finds the pictures that are labelled badly: the rank correlation (Spearman) of each with the share of a picture's pixels that
/// are wrong, over held-out scenes of the demo model. Pixels of things that the label set does not name are wrong, whatever they get: so its user sees them.
/// </summary>
internal static class DoubtBench
{
    private const int Width = HeldOutScenes.Width, Height = HeldOutScenes.Height;
    private const double Least = 1e-30;
    private static readonly string[] Methods = ["sclip", "maskclip", "clip"];

    public static void Run(int scenes)
    {
        var folder = Path.Combine("models", "demo");
        using var model = ClipModel.Load(Path.Combine(folder, "model"), Environment.ProcessorCount);
        using var segmenter = new ManagedSegmenter(model);
        var all = LabelSet.Load(Path.Combine(folder, "labels.json"));
        var rows = new List<(string Title, string Method, Dictionary<string, double> Correlations)>();
        foreach (var (title, kept) in Sets(all.Classes.Count))
        {
            var set = LabelSet.Of(kept.Select(index => all.Classes[index]));
            var embeddings = model.EmbedLabels(set, model.Defaults.Templates!, cacheDirectory: null);
            var configurations = Methods.Select(method => new SegmentationOptions
            {
                Method = method,
                Crop = model.Defaults.Crop!.Value,
                Stride = model.Defaults.Stride!.Value,
                LogitScale = model.Defaults.LogitScale ?? new SegmentationOptions().LogitScale,
            }).ToArray();
            foreach (var configuration in configurations)
            {
                var (measures, errors) = (new List<Dictionary<string, double>>(), new List<double>());
                for (var i = 0; i < scenes; i++)
                {
                    var scene = HeldOutScenes.Draw(i);
                    var planes = new Planes(set.Classes.Count);
                    var result = segmenter.Segment([Input(scene.Rgb, Width, Height, planes)], embeddings, configuration)[0];
                    var wrong = scene.Labels.Where((label, pixel) => kept[result.LabelMap[pixel]] != label).Count();
                    errors.Add((double)wrong / scene.Labels.Length);
                    var measured = planes.Measure(result);
                    measured["windows disagree"] = Disagreement(segmenter, embeddings, configuration, scene.Rgb, result.LabelMap);
                    measured["windows disagree + 1 - margin"] = measured["windows disagree"] + measured["1 - margin"];
                    measured["windows disagree + doubt"] = measured["windows disagree"] + result.Doubt;
                    measures.Add(measured);
                }
                rows.Add((title, configuration.Method, measures[0].Keys.ToDictionary(name => name, name => Spearman([.. measures.Select(item => item[name])], [.. errors]))));
            }
        }
        Write(rows);
    }

    /// <summary>Label sets: all classes, and some that leave out what is in the pictures.</summary>
    private static IEnumerable<(string Title, int[] Kept)> Sets(int classes)
    {
        yield return ($"all {classes}", [.. Enumerable.Range(0, classes)]);
        foreach (var (count, seed) in new[] { (8, 1), (8, 2), (4, 3), (4, 4), (2, 5), (2, 6) })
        {
            int[] order = [.. Enumerable.Range(0, classes)];
            new Random(seed).Shuffle(order);
            yield return ($"{count} of them ({seed})", [.. order.Take(count).Order()]);
        }
    }

    private static SegmentationInput Input(byte[] rgb, int width, int height, IScoreSink? scores) =>
        new() { Rgb = rgb, Width = width, Height = height, OutputWidth = width, OutputHeight = height, Scores = scores };

    /// <summary>The share of pixels that a window alone would give another class than all windows together.</summary>
    private static double Disagreement(ManagedSegmenter segmenter, LabelEmbeddings labels, SegmentationOptions configuration, byte[] rgb, ushort[] together)
    {
        var windows = SlidingWindow.Cover(Height, Width, configuration.Crop, configuration.Stride);
        var (differing, pixels) = (0L, 0L);
        foreach (var window in windows)
        {
            var part = new byte[window.Height * window.Width * 3];
            for (var y = 0; y < window.Height; y++)
                rgb.AsSpan(((window.Y + y) * Width + window.X) * 3, window.Width * 3).CopyTo(part.AsSpan(y * window.Width * 3));
            var alone = segmenter.Segment([Input(part, window.Width, window.Height, null)], labels, configuration)[0].LabelMap;
            for (var i = 0; i < alone.Length; i++)
                if (alone[i] != together[(window.Y + i / window.Width) * Width + window.X + i % window.Width])
                    differing++;
            pixels += alone.Length;
        }
        return (double)differing / pixels;
    }

    private static double Spearman(double[] a, double[] b)
    {
        var (x, y) = (Ranks(a), Ranks(b));
        var (mean, covariance, ofX, ofY) = ((a.Length - 1) / 2.0, 0.0, 0.0, 0.0);
        for (var i = 0; i < a.Length; i++)
        {
            covariance += (x[i] - mean) * (y[i] - mean);
            ofX += (x[i] - mean) * (x[i] - mean);
            ofY += (y[i] - mean) * (y[i] - mean);
        }
        return ofX == 0 || ofY == 0 ? 0 : covariance / Math.Sqrt(ofX * ofY);
    }

    /// <summary>Ranks from 0; equal values share the mean of theirs.</summary>
    private static double[] Ranks(double[] values)
    {
        int[] order = [.. Enumerable.Range(0, values.Length).OrderBy(i => values[i])];
        var ranks = new double[values.Length];
        for (int first = 0, end; first < order.Length; first = end)
        {
            for (end = first + 1; end < order.Length && values[order[end]] == values[order[first]]; end++)
            {
            }
            for (var i = first; i < end; i++)
                ranks[order[i]] = (first + end - 1) / 2.0;
        }
        return ranks;
    }

    private static void Write(List<(string Title, string Method, Dictionary<string, double> Correlations)> rows)
    {
        string[] titles = [.. rows.Select(row => row.Title).Distinct()];
        Console.WriteLine($"| r: how many times as likely the best class is as the next | {string.Join(" | ", titles.Concat(Methods))} | all |");
        Console.WriteLine($"|---{string.Concat(Enumerable.Repeat("|---:", titles.Length + Methods.Length + 1))}|");
        foreach (var name in rows[0].Correlations.Keys.OrderByDescending(name => rows.Average(row => row.Correlations[name])))
        {
            var means = titles.Select(title => rows.Where(row => row.Title == title)).Concat(Methods.Select(method => rows.Where(row => row.Method == method))).Append(rows);
            Console.WriteLine($"| {name} | {string.Join(" | ", means.Select(group => group.Average(row => row.Correlations[name]).ToString("0.00", CultureInfo.InvariantCulture)))} |");
        }
    }

    /// <summary>The class scores of one picture, <c>[classes, height, width]</c>.</summary>
    private sealed class Planes(int classes) : IScoreSink
    {
        private readonly float[] _scores = new float[classes * Width * Height];

        public void Write(int classIndex, int firstRow, ReadOnlySpan<float> scores) => scores.CopyTo(_scores.AsSpan(classIndex * Width * Height + firstRow * Width));

        public Dictionary<string, double> Measure(SegmentationResult result)
        {
            var sums = new Dictionary<string, double>();
            const int Pixels = Width * Height;
            for (var i = 0; i < Pixels; i++)
            {
                var (first, second, entropy) = (0.0, Least, 0.0);
                for (var label = 0; label < classes; label++)
                {
                    double score = Math.Max(_scores[label * Pixels + i], Least);
                    entropy -= score * Math.Log(score);
                    (first, second) = score > first ? (score, Math.Max(first, second)) : (first, Math.Max(second, score));
                }
                var (margin, times) = (first - second, first / second);
                Add("1 - confidence", 1 - first);
                Add("1 - margin", 1 - margin);
                Add("entropy", entropy / Math.Log(classes));
                Add("second / first", 1 / times);
                foreach (var root in (double[])[0.5, 0.25, 0.125])
                    Add(string.Create(CultureInfo.InvariantCulture, $"2 / (1 + r^{root})"), 2 / (1 + Math.Pow(times, root)));
                Add("-ln r", -Math.Log(times));
                foreach (var limit in (double[])[0.1, 0.5, 0.9, 0.99])
                    Add(string.Create(CultureInfo.InvariantCulture, $"share below a margin of {limit}"), margin < limit ? 1 : 0);
            }
            sums["the product's doubt"] = result.Doubt;
            return sums;

            void Add(string name, double value) => sums[name] = sums.GetValueOrDefault(name) + value / Pixels;
        }
    }
}
