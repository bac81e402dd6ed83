using System.Net;
using System.Text.Json.Nodes;
using Sclip.Imaging;
using Sclip.Storage;
using Sclip.Testing.Servers;

namespace Sclip.Dispatcher.Tests.Http;

/// <summary>Where images may be taken from: containers, folders, and small pictures of what is there.</summary>
public sealed class PlaceTests(JobFixture fixture)
{
    private HttpClient Client => fixture.Client;

    [Fact]
    public async Task Containers_are_listed_with_what_an_upload_may_be()
    {
        var container = await fixture.ContainerAsync(1);
        var list = await GetAsync("/places");
        Assert.Contains(container, list["places"]!.AsArray().Select(place => (string?)place!["name"]));
        Assert.True((bool)list["complete"]!);
        Assert.Equal(64L << 20, (long)list["upload"]!["bytes"]!);
        Assert.Contains(".png", list["upload"]!["endings"]!.AsArray().Select(ending => (string?)ending));
    }

    [Fact]
    public async Task Folders_and_pictures_below_a_prefix_are_told()
    {
        var container = await fixture.ContainerAsync(3, ("set/deep/a.JPG", [1]), ("set/notes.txt", [1]), ("other/b.png", [1]), ("settle/c.png", [1]), ("top.webp", [1]));
        var top = await GetAsync($"/places/{container}");
        Assert.Equal(["other", "set", "settle"], Folders(top));
        Assert.Equal((7, 1, true), Counts(top));
        Assert.Equal(4, top["samples"]!.AsArray().Count);
        var below = await GetAsync($"/places/{container}?prefix=set/");
        Assert.Equal(["deep"], Folders(below));
        Assert.Equal((4, 1, true), Counts(below));
        // What is typed so far is a prefix, too: it leads to what begins so.
        var typed = await GetAsync($"/places/{container}?prefix=se");
        Assert.Equal(["set", "settle"], Folders(typed));
        Assert.Equal((5, 1, true), Counts(typed));
        Assert.Equal((0, 0, true), Counts(await GetAsync($"/places/{container}?prefix=nothing/")));
    }

    [Fact]
    public async Task More_than_can_be_counted_are_told_as_such()
    {
        var container = await fixture.ContainerAsync(0);
        var folder = Directory.CreateTempSubdirectory("sclip-places-");
        try
        {
            // As many blobs would take minutes to write; files are the same to the listing.
            Directory.CreateDirectory(Path.Combine(folder.FullName, container));
            for (var i = 0; i < Places.PlaceListing.MostImages + 1; i++)
                File.WriteAllBytes(Path.Combine(folder.FullName, container, $"{i:00000}.png"), []);
            var account = new FileBlobAccount(folder.FullName, durable: false);
            var view = await new Places.PlaceListing(Storage.Jobs.JobStores.Of(account, "sclip"), account).LookAsync(container, "", CancellationToken.None);
            Assert.Equal((Places.PlaceListing.MostImages, false), (view.Images, view.Complete));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Jobs_are_no_images_and_their_documents_are_not_shown()
    {
        var id = await fixture.SharedJobAsync();
        await fixture.Account.Container(JobFixture.JobContainer).WriteAsync("zoo/a.png", JobServers.Picture(1), WriteCondition.None, CancellationToken.None);
        var view = await GetAsync($"/places/{JobFixture.JobContainer}");
        var jobs = view["folders"]!.AsArray().Single(folder => (string?)folder!["name"] == "jobs")!;
        Assert.Contains("jobs and their outputs", (string?)jobs["refusal"], StringComparison.Ordinal);
        Assert.Contains("zoo/a.png", view["samples"]!.AsArray().Select(name => (string?)name));
        Assert.DoesNotContain(view["samples"]!.AsArray(), name => ((string?)name)!.StartsWith("jobs/", StringComparison.Ordinal));
        foreach (var path in new[] { "?prefix=jobs/", $"?prefix=jobs/{id}/masks/", $"/picture?name=jobs/{id}/masks/set/scene-1.png" })
        {
            using var answer = await Client.GetAsync($"/places/{JobFixture.JobContainer}{path}");
            Assert.Contains("jobs and their outputs", await JobFixture.ProblemAsync(answer, HttpStatusCode.Forbidden), StringComparison.Ordinal);
        }
        await fixture.Account.Container(JobFixture.JobContainer).DeleteAsync("zoo/a.png", CancellationToken.None);
    }

    [Theory]
    [InlineData("/places/no-such-container", 404, "does not exist")]
    [InlineData("/places/NoContainer", 400, "a-z, 0-9")]
    [InlineData("/places/photos?prefix=../", 400, "'..'")]
    [InlineData("/places/photos?prefix=a%5Cb", 400, "backslash")]
    [InlineData("/places/photos?prefix=a%00b", 400, "control character")]
    [InlineData("/places/photos/picture", 400, "name is missing")]
    [InlineData("/places/photos/picture?name=a.png&side=5000", 400, "16..2048")]
    [InlineData("/places/no-such-container/picture?name=a.png", 404, "does not exist")]
    [InlineData("/places/photos/picture?name=job.json", 400, "no picture by its ending")]
    public async Task What_cannot_be_looked_at_says_why(string path, int status, string expected)
    {
        using var answer = await Client.GetAsync(path);
        Assert.Contains(expected, await JobFixture.ProblemAsync(answer, (HttpStatusCode)status), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_of_no_job_is_shown_small_and_one_that_is_none_is_refused()
    {
        var container = await fixture.ContainerAsync(1, ("set/broken.jpg", [1, 2, 3]));
        using var answer = await Client.GetAsync($"/places/{container}/picture?name=set/scene-1.png&side=32");
        Assert.Equal("image/jpeg", answer.Content.Headers.ContentType?.MediaType);
        var picture = ImageDecoder.Decode(await answer.Content.ReadAsByteArrayAsync(), ImageLimits.Default);
        Assert.Equal(32, Math.Max(picture.Width, picture.Height));
        using var broken = await Client.GetAsync($"/places/{container}/picture?name=set/broken.jpg");
        Assert.Contains("cannot be shown", await JobFixture.ProblemAsync(broken, HttpStatusCode.UnprocessableEntity), StringComparison.Ordinal);
    }

    private async Task<JsonObject> GetAsync(string path) => Assert.IsType<JsonObject>(JsonNode.Parse(await Client.GetStringAsync(path)));

    private static IEnumerable<string?> Folders(JsonObject view) => view["folders"]!.AsArray().Select(folder => (string?)folder!["name"]);

    private static (int Images, int Others, bool Complete) Counts(JsonObject view) => ((int)view["images"]!, (int)view["others"]!, (bool)view["complete"]!);
}
