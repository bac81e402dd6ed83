using Sclip.Testing;
using Sclip.Workbench.Sessions;

namespace Sclip.Workbench.Tests.Judging;

public sealed class LexiconTests
{
    [Fact]
    public async Task A_name_of_the_benchmarks_is_embedded_once_and_kept_on_disk_and_one_of_the_users_is_not_kept()
    {
        using var cache = new TemporaryFolder();
        await using var demo = DemoSession.Make(1, setup => setup with { CacheDirectory = cache.Path });
        var name = Lexicon.Names[0];

        demo.Session.Lexicon.Learn(name, default);
        File.Delete(Assert.Single(Directory.GetFiles(cache.Path)));
        demo.Session.Lexicon.Learn(name, default);
        demo.Session.Lexicon.Learn("nobody has listed this", default);

        Assert.Empty(Directory.GetFiles(cache.Path));
        Assert.True(demo.Session.Names.Knows(name));
        Assert.True(demo.Session.Names.Knows("nobody has listed this"));
        Assert.Equal(1, demo.Session.Lexicon.Ready);
    }
}
