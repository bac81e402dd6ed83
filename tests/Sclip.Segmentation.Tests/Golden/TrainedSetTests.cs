using Sclip.Testing;

namespace Sclip.Segmentation.Tests.GoldenVectors;

/// <summary>Which trained systems are tested: of a system that is not in the set there are no tests.</summary>
public sealed class TrainedSetTests(ITestOutputHelper output)
{
    private static readonly string[] All = ["eva", "groupvit", "segclip", "surgery", "tcl"], Kept = ["groupvit"];

    [Fact]
    public void Every_trained_system_is_there_and_in_the_part_that_a_lone_clone_has_GroupViT_alone()
    {
        string[] there = [.. All.Where(GoldenSet.Trained.Has)];
        output.WriteLine($"{GoldenSet.Trained.Folder}: tested {string.Join(", ", there)}; not there, so not tested: {string.Join(", ", All.Except(there))}.");
        Assert.Equal(GoldenSet.Trained.IsKept ? Kept : All, there);
    }
}
