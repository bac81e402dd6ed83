using System.Globalization;
using Sclip.Cli.Scripting;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Estimating;
using Sclip.Labels;

namespace Sclip.Cli.Jobs;

/// <summary><c>sclip submit --dry-run</c>: tells what a job would take, and submits nothing.</summary>
internal static class DryRun
{
    public static async Task<int> RunAsync(CliContext context, JobRequest request, bool asJson)
    {
        await using var session = await JobSession.OpenWithBrokerAsync(context.Stop);
        // Once the request is known to be one: a refusal needs no workers.
        var estimate = await session.Estimator.EstimateAsync(
            request,
            async device => FleetSpeed.Of((await session.HearWorkersAsync(context.Stop)).Select(worker => (worker.Phase, worker.Devices, worker.WindowsPerSecond)), device),
            (double?)session.PricePerWorkerHour,
            patience: null,
            context.Stop);
        if (asJson)
            await context.Output.WriteJsonAsync(estimate, Json.Default.JobEstimate);
        else
            await TellAsync(context, request, estimate);
        return ExitCodes.Done;
    }

    private static async Task TellAsync(CliContext context, JobRequest request, JobEstimate estimate)
    {
        foreach (var warning in LabelWarnings.Of(request.Labels))
            await context.Error.WriteLineAsync($"warning: {warning}");
        foreach (var line in Lines(estimate))
            await context.Output.WriteLineAsync(line);
        foreach (var note in estimate.Notes)
            await context.Error.WriteLineAsync($"note: {note}");
        await context.Error.WriteLineAsync("Nothing was submitted.");
    }

    private static IEnumerable<string> Lines(JobEstimate estimate)
    {
        yield return $"job      {estimate.Id}";
        yield return string.Create(CultureInfo.InvariantCulture, $"images   {estimate.Images:N0}");
        yield return string.Create(CultureInfo.InvariantCulture, $"windows  {estimate.Windows:N0} ({estimate.WindowsPerImage:0.##} an image, by the sizes of {estimate.Sampled:N0})");
        yield return string.Create(CultureInfo.InvariantCulture, $"workers  {estimate.Workers:N0}{(estimate.WindowsPerSecond is { } speed ? $", {speed:0.#} windows/s" : "")}");
        if (estimate is { Seconds: { } seconds, WorkerSeconds: { } busy })
            yield return string.Create(CultureInfo.InvariantCulture, $"time     {Duration(seconds)}, {Hours(busy / 3600)}");
        if (estimate.Cost is { } cost)
            yield return string.Create(CultureInfo.InvariantCulture, $"cost     {cost:0.00}");
    }

    /// <summary>As the page of a new job tells them.</summary>
    private static string Hours(double hours) => hours < 0.1 ? "< 0.1 worker hours" : string.Create(CultureInfo.InvariantCulture, $"{hours:0.0} worker hours");

    private static string Duration(double seconds) => TimeSpan.FromSeconds(seconds) switch
    {
        { TotalHours: >= 1 } time => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(time.TotalHours):N0} h {time.Minutes} min"),
        { TotalMinutes: >= 1 } time => $"{time.Minutes} min {time.Seconds} s",
        var time => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalSeconds):0} s"),
    };
}
