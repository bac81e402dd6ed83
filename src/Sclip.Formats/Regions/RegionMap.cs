using System.Runtime.InteropServices;
using Sclip.Labels;

namespace Sclip.Formats.Regions;

/// <summary>
/// The regions of a label map: pixels of one class hang together where they share a side. A shared corner alone does not join them, so that
/// two objects that touch at a corner stay two, and the interior of each region is connected.
/// </summary>
internal sealed class RegionMap
{
    /// <summary>The value of pixels that belong to no region.</summary>
    public const int None = -1;

    private RegionMap(int[] ids, int width, int height, List<Region> regions) => (Ids, Width, Height, Regions) = (ids, width, height, regions);

    /// <summary>The region of each pixel, <c>[height, width]</c>.</summary>
    public int[] Ids { get; }

    public int Width { get; }

    public int Height { get; }

    /// <summary>The regions, ordered by their first pixels, row by row.</summary>
    public IReadOnlyList<Region> Regions { get; }

    /// <summary>Finds the regions. Those of fewer pixels than <paramref name="minArea"/> become nothing, also in the label map.</summary>
    public static RegionMap Of(LabelMap map, int minArea)
    {
        var list = FindRuns(map);
        var runs = CollectionsMarshal.AsSpan(list);
        // A root is the first run of its region, so that it is met before the others.
        var areas = new int[runs.Length];
        for (var i = 0; i < runs.Length; i++)
            areas[Root(runs, i)] += runs[i].End - runs[i].Start;
        var ids = GC.AllocateUninitializedArray<int>(map.Labels.Length);
        ids.AsSpan().Fill(None);
        var indices = new int[runs.Length];
        var (classes, kept, boxes) = (new List<ushort>(), new List<int>(), new List<Box>());
        for (var i = 0; i < runs.Length; i++)
        {
            var (run, root) = (runs[i], Root(runs, i));
            var (first, length) = (run.Row * map.Width + run.Start, run.End - run.Start);
            if (areas[root] < minArea)
            {
                map.Labels.AsSpan(first, length).Fill(LabelMap.Nothing);
                continue;
            }
            if (root == i)
            {
                indices[i] = boxes.Count;
                classes.Add(run.Label);
                kept.Add(areas[i]);
                boxes.Add(new Box(run.Start, run.Row, run.End, run.Row + 1));
            }
            var index = indices[root];
            boxes[index] = boxes[index].With(run.Start, run.End, run.Row);
            ids.AsSpan(first, length).Fill(index);
        }
        return new RegionMap(ids, map.Width, map.Height, [.. boxes.Select((box, i) => new Region(i, classes[i], kept[i], box))]);
    }

    /// <summary>The runs of all rows, each joined with those of its class above it.</summary>
    private static List<Run> FindRuns(LabelMap map)
    {
        var list = new List<Run>();
        for (int y = 0, above = 0; y < map.Height; y++)
        {
            var row = map.Row(y);
            var here = list.Count;
            for (int x = 0, end; x < map.Width; x = end)
            {
                var label = row[x];
                var length = row[x..].IndexOfAnyExcept(label);
                end = length < 0 ? map.Width : x + length;
                if (label != LabelMap.Nothing)
                    list.Add(new Run { Row = y, Start = x, End = end, Label = label, Parent = list.Count });
            }
            var runs = CollectionsMarshal.AsSpan(list);
            for (var (i, j) = (above, here); i < here && j < runs.Length;)
            {
                if (runs[i].Label == runs[j].Label && runs[i].Start < runs[j].End && runs[j].Start < runs[i].End)
                    Join(runs, i, j);
                if (runs[i].End <= runs[j].End)
                    i++;
                else
                    j++;
            }
            above = here;
        }
        return list;
    }

    private static void Join(Span<Run> runs, int a, int b)
    {
        (a, b) = (Root(runs, a), Root(runs, b));
        runs[Math.Max(a, b)].Parent = Math.Min(a, b);
    }

    private static int Root(Span<Run> runs, int i)
    {
        while (runs[i].Parent != i)
            i = runs[i].Parent = runs[runs[i].Parent].Parent;
        return i;
    }

    /// <summary>Pixels of one class side by side in a row.</summary>
    private struct Run
    {
        public int Row, Start, End, Parent;
        public ushort Label;
    }
}
