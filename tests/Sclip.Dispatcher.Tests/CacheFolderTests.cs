using Sclip.Dispatcher.Cache;
using Sclip.Hosting.Configuration;
using Sclip.Testing;

namespace Sclip.Dispatcher.Tests;

/// <summary>The folder of what is kept beside the blobs.</summary>
public sealed class CacheFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private DispatcherOptions Configured => new() { CacheFolder = _folder["cache"] };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_configured_folder_is_made_and_outlasts_its_process()
    {
        using (var cache = new CacheFolder(Configured))
        {
            Assert.Equal(_folder["cache"], cache.Path);
            File.WriteAllText(Path.Combine(cache.Path, "kept"), "");
        }
        Assert.True(File.Exists(_folder["cache/kept"]));
        using var again = new CacheFolder(Configured);
        Assert.Equal(_folder["cache"], again.Path);
    }

    [Fact]
    public void Who_finds_the_configured_folder_taken_has_one_of_its_own_that_goes_with_it()
    {
        string own;
        using (var first = new CacheFolder(Configured))
        using (var second = new CacheFolder(Configured))
        {
            own = second.Path;
            Assert.NotEqual(first.Path, own);
            Assert.True(Directory.Exists(own));
        }
        Assert.False(Directory.Exists(own));
        Assert.True(Directory.Exists(_folder["cache"]));
    }

    [Fact]
    public void One_that_somebody_has_deleted_ends_all_the_same()
    {
        using var own = new CacheFolder(new DispatcherOptions());
        Directory.Delete(own.Path, recursive: true);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_refused_with_its_key()
    {
        _folder.Write("cache", "A file.");
        Assert.Contains("CacheFolder", Assert.Throws<ConfigurationException>(() => new CacheFolder(Configured)).Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void What_a_killed_process_left_is_deleted_and_what_is_in_use_or_being_made_is_not()
    {
        var (left, made) = (Directory.CreateTempSubdirectory("sclip-dispatcher-").FullName, Directory.CreateTempSubdirectory("sclip-dispatcher-").FullName);
        try
        {
            File.WriteAllText(Path.Combine(left, "in-use"), "");
            File.WriteAllText(Path.Combine(left, "jobs.sqlite"), "");
            using var first = new CacheFolder(new DispatcherOptions());
            using var second = new CacheFolder(new DispatcherOptions());
            Assert.False(Directory.Exists(left));
            Assert.True(Directory.Exists(made));
            Assert.True(Directory.Exists(first.Path));
        }
        finally
        {
            Directory.Delete(made);
        }
    }
}
