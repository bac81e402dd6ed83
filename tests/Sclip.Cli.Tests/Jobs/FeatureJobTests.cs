using Sclip.Testing.Servers;

namespace Sclip.Cli.Tests.Jobs;

/// <summary>Jobs that keep features, and jobs over those, by the command line.</summary>
[Collection(JobCli.Collection)]
public sealed class FeatureJobTests(JobCli jobs) : IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await jobs.UseServersAsync();

    public ValueTask DisposeAsync()
    {
        JobCli.Use();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Features_are_kept_and_labelled_by_other_names_as_a_job_like_any_other()
    {
        using var cli = new SclipCli();
        var container = await jobs.ContainerAsync(("a.png", JobServers.Picture(1)), ("b.png", JobServers.Picture(2)));
        var (code, output, error) = await SclipCli.Run(JobCli.Submit(container, "--keep-features", "int8"));
        Assert.True(code == 0, error);
        Assert.Contains("keeping features of 2 images: about ", error, StringComparison.Ordinal);
        var kept = output.Trim();
        await JobCli.DoneAsync("watch", kept);

        Assert.Contains("2 files brought", await JobCli.DoneAsync("results", kept, "--out", cli.Folder["kept"]), StringComparison.Ordinal);
        Assert.False(Directory.Exists(cli.Folder["kept/features"]));
        Assert.Contains("2 files brought", await JobCli.DoneAsync("results", kept, "--out", cli.Folder["kept"], "--features"), StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(cli.Folder["kept/features"]).Length);
        Assert.Contains($"sclip submit --features-of {kept}", await JobCli.RefusedAsync("relabel", cli.Folder["kept"], "--labels", "sand", "--out", cli.Folder["other"]), StringComparison.Ordinal);

        string[] relabel = ["submit", "--features-of", kept, "--labels", "sand, brick, water", "--formats", "mask,doubt", "--logit-scale", "20"];
        var id = await JobCli.DoneAsync(relabel);
        Assert.NotEqual(kept, id);
        Assert.Equal(id, await JobCli.DoneAsync([.. relabel, "--input", container, "--model", JobServers.Model, "--method", "sclip"]));
        await JobCli.DoneAsync("watch", id);
        Assert.Matches($"labels features of +{kept}\\s", await JobCli.DoneAsync("status", id));
        Assert.Contains("2 results", await JobCli.DoneAsync("results", id, "--out", cli.Output), StringComparison.Ordinal);
        Assert.All(cli.Results, result => Assert.Equal(0, result["windows"]!.GetValue<int>()));
        Assert.Matches("by kept features +2\\s+by pixels +0\\s", await JobCli.DoneAsync("status", id));
        Assert.Matches("keeps features +int8\\s", await JobCli.DoneAsync("status", kept));
        Assert.DoesNotContain("by pixels", await JobCli.DoneAsync("status", kept), StringComparison.Ordinal);

        Assert.Contains("model: 'demo/model' there, 'demo/other' now", await JobCli.RefusedAsync([.. relabel, "--model", "demo/other"]), StringComparison.Ordinal);
        Assert.Contains("method: 'sclip' there, 'maskclip' now", await JobCli.RefusedAsync([.. relabel, "--method", "maskclip"]), StringComparison.Ordinal);
        Assert.Contains("keeps none itself", await JobCli.RefusedAsync("submit", "--features-of", id, "--labels", "sand"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Features_that_are_gone_are_told_in_one_line_by_the_job_over_them_and_where_they_are_brought()
    {
        using var cli = new SclipCli();
        var container = await jobs.ContainerAsync(("a.png", JobServers.Picture(1)), ("b.png", JobServers.Picture(2)), ("c.png", JobServers.Picture(3)));
        var kept = await JobCli.DoneAsync(JobCli.Submit(container, "--keep-features", "int8"));
        await JobCli.DoneAsync("watch", kept);
        foreach (var name in (string[])["a.png", "b.png"])
            await jobs.Jobs.Store.DeleteAsync($"jobs/{kept}/features/{name}.sclf", CancellationToken.None);

        var (code, output, error) = await SclipCli.Run(["results", kept, "--out", cli.Output, "--features"]);
        Assert.Equal((2, "failed: kept features of 2 images are gone from the store. All else is brought without --features, too."), (code, error.Trim()));
        Assert.Contains("4 files brought, 2 failed.", output, StringComparison.Ordinal);
        await JobCli.DoneAsync("results", kept, "--out", cli.Output);

        var id = await JobCli.DoneAsync("submit", "--features-of", kept, "--labels", "sand, water");
        output = await JobCli.DoneAsync("watch", id);
        Assert.Matches("by kept features +1\\s", output);
        Assert.Matches("by pixels +2: their features could not be used", output);

        // A job that is complete makes none anew; another one does.
        Assert.Equal($"All shards of {kept} have results.", await JobCli.DoneAsync("retry", kept));
        var other = await JobCli.DoneAsync(JobCli.Submit(container, "--keep-features", "int8", "--new"));
        await JobCli.DoneAsync("watch", other);
        Assert.Contains("6 files brought", await JobCli.DoneAsync("results", other, "--out", cli.Folder["other"], "--features"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Much_is_kept_only_where_a_person_or_an_option_says_so()
    {
        var container = await jobs.ContainerAsync(("a.png", JobServers.Picture(1)));
        var submit = JobCli.Submit(container, "--keep-features", "fp16", "--max-features-gb", "0.0001", "--id", $"j{Guid.NewGuid():n}");
        var refusal = await JobCli.RefusedAsync(submit);
        Assert.Matches("keeping features of 1 image: about [0-9.]+ MB \\(fp16, estimated for pictures of 4:3; demo/model is not on this machine, and taken for ViT-L/14\\), more than 0.0001 GB. Give --max-features-gb 1 to keep them all the same, --keep-features int8", refusal);
        Assert.Equal((1, false), await AnswerAsync("n"));
        Assert.Equal((1, false), await AnswerAsync(""));
        Assert.Equal((0, true), await AnswerAsync("y"));
        await JobCli.DoneAsync(JobCli.Submit(container, "--keep-features", "fp16", "--max-features-gb", "1"));
        Assert.Contains("--max-features-gb must be at least 0; it is -1.", await JobCli.RefusedAsync(JobCli.Submit(container, "--keep-features", "fp16", "--max-features-gb", "-1")), StringComparison.Ordinal);
        Assert.Contains("limits nothing without --keep-features", await JobCli.RefusedAsync(JobCli.Submit(container, "--max-features-gb", "1")), StringComparison.Ordinal);

        async Task<(int ExitCode, bool IsThere)> AnswerAsync(string answer)
        {
            var (output, error) = (new StringWriter(), new StringWriter());
            var context = new CliContext(output, error, Interactive: true, default, default) { Input = new StringReader(answer) };
            var code = await App.RunAsync(submit, context);
            Assert.Contains("(--max-features-gb). Submit? [y/N] ", error.ToString(), StringComparison.Ordinal);
            return (code, await jobs.Jobs.ReadJobAsync(submit[^1], CancellationToken.None) is { Settings.KeepFeatures: "fp16" });
        }
    }

    [Fact]
    public async Task A_submit_needs_images_or_a_job_whose_features_there_are()
    {
        Assert.Contains("submit needs --input, or --features-of a job.", await JobCli.RefusedAsync("submit", "--labels", "grass"), StringComparison.Ordinal);
        Assert.Contains("There is no job none", await JobCli.RefusedAsync("submit", "--labels", "grass", "--features-of", "none"), StringComparison.Ordinal);
    }
}
