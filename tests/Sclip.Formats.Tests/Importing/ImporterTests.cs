using Sclip.Contracts;
using Sclip.Formats.Importing;
using Sclip.Labels;
using Sclip.Testing;

namespace Sclip.Formats.Tests.Importing;

/// <summary>The folder of masks that annotations become.</summary>
public sealed class ImporterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("is the mask of another picture", "a", "a.png/b", "c")]
    [InlineData("would lie where the folder of other pictures' masks is", "deep/a.png/b/c", "deep/a", "c")]
    [InlineData("bytes, more than the 255 that file systems take", "c", "deep/ääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääää.jpg", "d")]
    public async Task A_picture_whose_name_cannot_be_that_of_a_mask_fails_alone(string said, string first, string second, string third)
    {
        var set = new Blank([first, second, third], 1, 1);
        var failures = new List<string>();
        var summary = await Importer.RunAsync(Request(set), (name, reason) => failures.Add($"{name}: {reason}"), null, TestContext.Current.CancellationToken);
        Assert.Equal((2, 1), (summary.Imported, summary.Failed));
        Assert.StartsWith(second[..5], Assert.Single(failures), StringComparison.Ordinal);
        Assert.Contains(said, failures[0], StringComparison.Ordinal);
        Assert.Equal(3, File.ReadAllLines(_folder["out/results.jsonl"]).Length);
        Assert.True(File.Exists(_folder[$"out/masks/{first}.png"]) && File.Exists(_folder[$"out/masks/{third}.png"]));
    }

    [Theory]
    [InlineData(7000, 1)]
    [InlineData(2000, 16)]
    public async Task Of_large_pictures_few_are_in_work_at_once(int side, int most)
    {
        var set = new Blank([.. Enumerable.Range(0, 6).Select(i => $"{i}")], side, side);
        await Importer.RunAsync(Request(set) with { Threads = 4 }, (_, _) => { }, null, TestContext.Current.CancellationToken);
        Assert.InRange(set.MostAtOnce, 1, most);
    }

    private ImportRequest Request(IAnnotationSet set) => new() { Set = set, Target = new ImportTarget(set.Classes, [0, 0]), Source = "x", Output = _folder["out"], Settings = [] };

    /// <summary>Pictures that are said to be large; what is read of them is a pixel.</summary>
    private sealed class Blank(string[] names, int width, int height) : IAnnotationSet
    {
        private int _now, _most;

        public int MostAtOnce => _most;

        public string Form => "blank";

        public IReadOnlyList<LabelClass> Classes { get; } = [new() { Name = "x" }];

        public bool LeavesBackground => true;

        public IReadOnlyList<string> Notices => [];

        public IEnumerable<string> Pictures(CancellationToken cancellationToken) => names;

        public long PixelsOf(string picture) => (long)width * height;

        public LabelMap Read(string picture)
        {
            var now = Interlocked.Increment(ref _now);
            lock (names)
                _most = Math.Max(_most, now);
            Thread.Sleep(50);
            Interlocked.Decrement(ref _now);
            return new LabelMap([0], 1, 1);
        }

        public void Dispose()
        {
        }
    }
}
