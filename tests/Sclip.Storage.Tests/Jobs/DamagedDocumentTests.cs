using System.Text;
using CsCheck;
using Sclip.Storage.Jobs;
using Sclip.Testing;

namespace Sclip.Storage.Tests.Jobs;

/// <summary>A job's documents, damaged in whatever way, are read or refused: by one kind of exception, which names the blob in words of the document.</summary>
public sealed class DamagedDocumentTests(StoreFolder folder) : StoreTests(folder.Account), IClassFixture<StoreFolder>
{
    private const string Result = """{"image": "a/ü.jpg", "status": "ok", "mask": "masks/a.png", "width": 3, "height": 2, "pixels": {"sky": 6}, "class_doubt": {"sky": 0.25}, "input_modified": "2026-01-31T12:00:00Z", "timings": {"fetch": 1, "decode": 2.5, "segment": 3, "encode": 4, "upload": 5}}""";

    [Theory]
    [InlineData("job.json", """{"version": 1, "id": "j", "created": "2026-01-31T12:00:00Z", "input": {"container": "in", "prefix": "a/"}, "labels": [{"name": "sky", "synonyms": ["clouds"], "color": "#0080ff"}, {"name": "other", "background": true}], "model": "openai/clip", "settings": {"method": "sclip", "templates": ["a {}"], "crop": 224, "logit_scale": 40.5, "pamr_dilations": [8, 16]}, "shard_size": 100}""")]
    [InlineData("plan.json", """{"shards": 2, "images": 150, "other_blobs": 1}""")]
    [InlineData("failed.json", """{"reason": "no model", "time": "2026-01-31T12:00:00Z", "worker": "w"}""")]
    [InlineData("summary.json", """{"images": 2, "labelled": 1, "failed": 1, "windows": 9, "pixels": {"sky": 6}, "failures": {"unreadable": 1}, "created": "2026-01-31T12:00:00Z", "completed": "2026-01-31T13:00:00Z"}""")]
    [InlineData("shards/00000.jsonl", """{"name": "a/ü.jpg", "bytes": 10, "e_tag": "x"}""" + "\n" + """{"name": "b.jpg", "modified": "2026-01-31T12:00:00Z"}""" + "\n")]
    [InlineData("results/00000.jsonl", Result + "\n" + """{"image": "b.jpg", "status": "failed", "error": "cut off", "reason": "unreadable"}""" + "\n")]
    [InlineData("drafts/00000.jsonl", """{"deaths": 1, "worker": "w", "deliveries": 2, "current": "b.jpg"}""" + "\n" + Result + "\n")]
    public async Task They_are_read_or_refused(string name, string text)
    {
        var (jobs, sound, blob) = (new JobBlobs(Store), Encoding.UTF8.GetBytes(text), $"jobs/j/{name}");
        async Task<object?> Read() => name.Split('/')[0] switch
        {
            "job.json" => await jobs.ReadJobAsync("j", Token),
            "plan.json" => await jobs.ReadPlanAsync("j", Token),
            "failed.json" => await jobs.ReadFailureAsync("j", Token),
            "summary.json" => await jobs.ReadSummaryAsync("j", Token),
            "shards" => await jobs.ReadShardAsync("j", 0, Token),
            "results" => await jobs.ReadResultAsync("j", 0, Token),
            _ => await jobs.ReadDraftAsync("j", 0, Token),
        };
        await Store.WriteAsync(blob, sound, default, Token);
        Assert.NotNull(await Read());
        await Gen.Const(sound).Damaged().SampleAsync(async file =>
        {
            await Store.WriteAsync(blob, file, default, Token);
            try
            {
                await Read();
            }
            catch (JobDocumentException error)
            {
                Assert.StartsWith(blob, error.Message, StringComparison.Ordinal);
                Assert.DoesNotMatch("System\\.|Sclip\\.|Path: |LineNumber", error.Message);
            }
        }, iter: 300, threads: 1, print: Damage.Print);
    }
}
