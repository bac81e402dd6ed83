using System.Text.Json;
using System.Text.Json.Nodes;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Labels;
using Sclip.Workbench.Jobs;
using Sclip.Workbench.Sessions;

namespace Sclip.Dispatcher.Tests.Workbench;

/// <summary>What Save gives for a session with pictures of a job: a request that the dispatcher takes, and the same as a command.</summary>
public sealed class SavePlanTests(WorkbenchFixture workbench) : IClassFixture<WorkbenchFixture>
{
    private static readonly LabelSet Labels = LabelSet.Of([new LabelClass { Name = "grass" }, new LabelClass { Name = "rest", Synonyms = ["sand", "water"], Background = true }]);

    [Fact]
    public async Task A_job_that_kept_features_is_labelled_by_them_with_the_new_classes_and_settings()
    {
        var job = await workbench.KeptJobAsync();
        var plan = new JobPlans((await workbench.Jobs.Jobs.ReadJobAsync(job, CancellationToken.None))!, images: null).Plan(Labels, new LiveSettings { ProbabilityThreshold = 0.3, LogitScale = 50 });
        Assert.Equal([$"sclip submit --labels labels.json --features-of {job} --logit-scale 50 --prob-threshold 0.3 --shard-size 3 --name kept"], plan.Commands);
        Assert.Contains($"job {job} kept", plan.Note, StringComparison.Ordinal);
        var id = await workbench.Jobs.SubmitAsync(AsJson(plan.Job!));
        Assert.NotEqual(job, id);
        var end = await workbench.Jobs.FollowAsync(id);
        Assert.Equal(("completed", 8, 0), ((string?)end["state"], (int?)end["by_features"], (int?)end["by_pixels"]));
        var document = (await workbench.Jobs.Jobs.ReadJobAsync(id, CancellationToken.None))!;
        Assert.Equal((job, "maskclip", 50, 0.3), (document.FeaturesOf, document.Settings.Method, document.Settings.LogitScale, document.Settings.ProbabilityThreshold));
        Assert.Equal(["grass", "rest"], document.Labels.Select(label => label.Name));
        // A job that labels the features of another leads to that one again, and keeps the scale that nobody changed.
        var next = new JobPlans(document, images: null).Plan(Labels, new LiveSettings()).Job!;
        Assert.Equal((job, 50, 0), (next.FeaturesOf, next.Settings.LogitScale, next.Settings.ProbabilityThreshold));
    }

    [Fact]
    public async Task A_job_without_features_is_done_again_as_it_was_with_the_new_classes_and_settings()
    {
        var request = JobFixture.Request($"{await workbench.Jobs.ContainerAsync(3)}/set/");
        request["name"] = "Tom's garden";
        request["images"] = new JsonArray("set/scene-1.png", "set/scene-3.png");
        request["settings"] = new JsonObject { ["crop"] = 128, ["stride"] = 64, ["patch_stride"] = 4, ["pamr_steps"] = 2, ["overlay"] = true, ["templates"] = new JsonArray("a photo of {}") };
        var document = (await workbench.Jobs.Jobs.ReadJobAsync(await workbench.Jobs.CompleteAsync(request), CancellationToken.None))!;
        var plan = new JobPlans(document, ["set/scene-1.png", "set/scene-3.png"]).Plan(Labels, new LiveSettings { AreaThreshold = 0.1 });
        Assert.Equal(
            [$"sclip submit --labels labels.json --input {document.Input.Container}@images.txt --model demo/model --templates templates.txt --crop 128 --stride 64 --patch-stride 4 --area-threshold 0.1 --pamr --pamr-steps 2 --formats mask,overlay --shard-size 64 --name 'Tom'\\''s garden'"],
            plan.Commands);
        foreach (var told in new[] { "PAMR", "templates.txt", "images.txt" })
            Assert.Contains(told, plan.Note, StringComparison.Ordinal);
        var id = await workbench.Jobs.CompleteAsync(AsJson(plan.Job!));
        var again = (await workbench.Jobs.Jobs.ReadJobAsync(id, CancellationToken.None))!;
        Assert.Equal((document.Input, 128, 64, 4, 2, true, 0.1), (again.Input, again.Settings.Crop, again.Settings.Stride, again.Settings.PatchStride, again.Settings.PamrSteps, again.Settings.Overlay, again.Settings.AreaThreshold));
        Assert.Equal(["a photo of {}"], again.Settings.Templates);
        // Of a list that is too long for a request there is only the command, and where the list is.
        var without = new JobPlans(document, images: null).Plan(Labels, new LiveSettings());
        Assert.Null(without.Job);
        Assert.Contains(JobNames.InputList(document.Id), without.Note, StringComparison.Ordinal);
    }

    private static JsonObject AsJson(JobRequest request)
    {
        var options = new JsonSerializerOptions();
        Json.Configure(options);
        options.Converters.Add(new LabelsJson());
        return JsonSerializer.SerializeToNode(request, options)!.AsObject();
    }
}
