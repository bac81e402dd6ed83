using Sclip.Contracts;
using Sclip.Testing;
using Sclip.Worker.Models;

namespace Sclip.Cli.Tests.Models;

/// <summary>An id means the same model to <c>label</c> as to the workers of a job.</summary>
public sealed class ModelPlaceTests
{
    private readonly Dictionary<string, string?> _environment = [];

    private ModelCache Cache => ModelCache.Of(name => _environment.GetValueOrDefault(name));

    [Fact]
    public void An_id_is_looked_for_in_the_folder_of_models_and_then_in_the_cache()
    {
        using var folder = new TemporaryFolder();
        (_environment["SCLIP_CACHE"], _environment["SCLIP_WORKER__MODELFOLDER"]) = (folder["cache"], folder["models"]);
        var id = ModelId.TryParse("demo/model")!;
        var error = Assert.Throws<ModelHubException>(() => Cache.Resolve("demo/model"));
        Assert.Contains($"no model of that id is in {folder["models"]} (SCLIP_WORKER__MODELFOLDER) nor in {folder["cache/models"]}", error.Message, StringComparison.Ordinal);
        foreach (var place in (string[])["cache/models/demo--model", "models/demo--model", "models/demo/model"])
        {
            Directory.CreateDirectory(folder[place]);
            Assert.Equal(folder[place], Cache.Resolve("demo/model"));
            Assert.Equal(folder[place], Cache.Find(id));
        }
    }

    [Fact]
    public void A_directory_is_taken_where_no_model_of_that_id_is()
    {
        using var folder = new TemporaryFolder();
        _environment["SCLIP_CACHE"] = folder["cache"];
        Directory.CreateDirectory(folder["some/model"]);
        Assert.Equal(folder["some/model"], Cache.Resolve(folder["some/model"]));
        Assert.Contains("neither a directory nor a model id", Assert.Throws<ModelHubException>(() => Cache.Resolve(folder["other"])).Message, StringComparison.Ordinal);
    }
}
