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
    private const int Width = 128, Height = 96;
    private const ulong Seed = 2026_000;
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
            var ways = Methods.Select(method => new SegmentationOptions
            {
                Method = method,
                Crop = model.Defaults.Crop!.Value,
                Stride = model.Defaults.Stride!.Value,
                LogitScale = model.Defaults.LogitScale ?? new SegmentationOptions().LogitScale,
            }).ToArray();
            foreach (var way in ways)
            {
                var (measures, errors) = (new List<Dictionary<string, double>>(), new List<double>());
                for (var i = 0; i < scenes; i++)
                {
                    var random = new SceneRandom(Seed + (ulong)i);
                    var scene = new Scene(random, Width, Height, backgrounds: 1 + random.Below(2), things: 1).Draw(0, 0, Width, Height);
                    var planes = new Planes(set.Classes.Count);
                    var result = segmenter.Segment([Input(scene.Rgb, Width, Height, planes)], embeddings, way)[0];
                    var wrong = scene.Labels.Where((label, pixel) => kept[result.LabelMap[pixel]] != label).Count();
                    errors.Add((double)wrong / scene.Labels.Length);
                    var measured = planes.Measure(result);
                    measured["windows disagree"] = Disagreement(segmenter, embeddings, way, scene.Rgb, result.LabelMap);
                    measured["windows disagree + 1 - margin"] = measured["windows disagree"] + measured["1 - margin"];
                    measures.Add(measured);
                }
                rows.Add((title, way.Method, measures[0].Keys.ToDictionary(name => name, name => Spearman([.. measures.Select(item => item[name])], [.. errors]))));
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
    private static double Disagreement(ManagedSegmenter segmenter, LabelEmbeddings labels, SegmentationOptions way, byte[] rgb, ushort[] together)
    {
        var windows = SlidingWindow.Cover(Height, Width, way.Crop, way.Stride);
        var (differing, pixels) = (0L, 0L);
        foreach (var window in windows)
        {
            var part = new byte[window.Height * window.Width * 3];
            for (var y = 0; y < window.Height; y++)
                rgb.AsSpan(((window.Y + y) * Width + window.X) * 3, window.Width * 3).CopyTo(part.AsSpan(y * window.Width * 3));
            var alone = segmenter.Segment([Input(part, window.Width, window.Height, null)], labels, way)[0].LabelMap;
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
        string[] names = [.. rows[0].Correlations.Keys];
        Console.WriteLine($"| measure | {string.Join(" | ", rows.Select(row => row.Title).Distinct().SelectMany(title => Methods.Select(method => $"{title}, {method}")))} | mean |");
        Console.WriteLine($"|---{string.Concat(Enumerable.Repeat("|---:", rows.Count + 1))}|");
        foreach (var name in names.OrderByDescending(name => rows.Average(row => row.Correlations[name])))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {string.Join(" | ", rows.Select(row => row.Correlations[name].ToString("0.00", CultureInfo.InvariantCulture)))} | {rows.Average(row => row.Correlations[name]):0.000} |"));
        foreach (var method in Methods)
            Console.WriteLine($"{method}: {string.Join("; ", names.OrderByDescending(name => rows.Where(row => row.Method == method).Average(row => row.Correlations[name])).Take(6).Select(name => string.Create(CultureInfo.InvariantCulture, $"{name} {rows.Where(row => row.Method == method).Average(row => row.Correlations[name]):0.000}")))}");
    }

    /// <summary>The class scores of one picture, <c>[classes, height, width]</c>.</summary>
    private sealed class Planes(int classes) : IScoreSink
    {
        private readonly float[] _scores = new float[classes * Width * Height];

        public void Write(int classIndex, int firstRow, ReadOnlySpan<float> scores) => scores.CopyTo(_scores.AsSpan(classIndex * Width * Height + firstRow * Width));

        public Dictionary<string, double> Measure(SegmentationResult result)
        {
            var (confidence, margin, ratio, entropy) = (0.0, 0.0, 0.0, 0.0);
            double[] marginLimits = [0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 0.95, 0.99];
            double[] powers = [0.5, 0.25, 0.125];
            var (softMargin, softEntropy, softConfidence, lead) = (new double[3], new double[3], new double[3], 0.0);
            var soft = new double[classes];
            var extra = new Dictionary<string, double>();
            var below = new double[marginLimits.Length];
            const int Pixels = Width * Height;
            for (var i = 0; i < Pixels; i++)
            {
                var (first, second, sum) = (0.0, 0.0, 0.0);
                for (var label = 0; label < classes; label++)
                {
                    double score = _scores[label * Pixels + i];
                    if (score > 0)
                        sum -= score * Math.Log(score);
                    (first, second) = score > first ? (score, first) : (first, Math.Max(second, score));
                }
                confidence += first;
                margin += first - second;
                ratio += second / first;
                entropy += sum / Math.Log(classes);
                var d = Math.Log(first / Math.Max(second, 1e-30));
                lead += Math.Min(20, d);
                foreach (var k in (double[])[1, 2, 4, 8, 16])
                    extra[$"1/(1+d/{k})"] = extra.GetValueOrDefault($"1/(1+d/{k})") + 1 / (1 + d / k) / Pixels;
                foreach (var k in (double[])[4, 6, 8, 12, 16])
                {
                    extra[$"1-min(d,{k})/{k}"] = extra.GetValueOrDefault($"1-min(d,{k})/{k}") + (1 - Math.Min(d, k) / k) / Pixels;
                    extra[$"d<{k}"] = extra.GetValueOrDefault($"d<{k}") + (d < k ? 1.0 : 0) / Pixels;
                }
                for (var power = 0; power < 3; power++)
                {
                    var total = 0.0;
                    for (var label = 0; label < classes; label++)
                        total += soft[label] = Math.Pow(Math.Max(_scores[label * Pixels + i], 1e-12), powers[power]);
                    var (a, b, e) = (0.0, 0.0, 0.0);
                    foreach (var value in soft)
                    {
                        var p = value / total;
                        e -= p * Math.Log(p);
                        (a, b) = p > a ? (p, a) : (a, Math.Max(b, p));
                    }
                    softMargin[power] += a - b;
                    softConfidence[power] += a;
                    softEntropy[power] += e / Math.Log(classes);
                }
                for (var limit = 0; limit < below.Length; limit++)
                    if (first - second < marginLimits[limit])
                        below[limit]++;
            }
            var measured = new Dictionary<string, double>
            {
                ["1 - mean confidence"] = 1 - confidence / Pixels,
                ["1 - margin"] = 1 - margin / Pixels,
                ["second / first"] = ratio / Pixels,
                ["entropy"] = entropy / Pixels,
            };
            measured["-lead"] = -lead / Pixels;
            foreach (var (k, v) in extra) measured[k] = v;
            for (var power = 0; power < 3; power++)
            {
                measured[$"soft {powers[power]} 1 - margin"] = 1 - softMargin[power] / Pixels;
                measured[$"soft {powers[power]} 1 - confidence"] = 1 - softConfidence[power] / Pixels;
                measured[$"soft {powers[power]} entropy"] = softEntropy[power] / Pixels;
            }
            for (var limit = 0; limit < below.Length; limit++)
                measured[string.Create(CultureInfo.InvariantCulture, $"share below a margin of {marginLimits[limit]}")] = below[limit] / Pixels;
            measured["least class confidence"] = 1 - result.ClassConfidences.Where((_, label) => result.PixelCounts[label] > Pixels / 100).DefaultIfEmpty(1).Min();
            return measured;
        }
    }
}
