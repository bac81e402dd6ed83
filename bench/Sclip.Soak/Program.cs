using System.CommandLine;
using System.Globalization;
using Sclip.Soak;

var faults = new Option<int?>("--faults") { Description = "Faults to inject (1000, unless --minutes says how long)" };
var minutes = new Option<double?>("--minutes") { Description = "Minutes to inject faults for" };
var seed = new Option<int>("--seed") { Description = "Seed of all draws; any where not given", DefaultValueFactory = _ => Random.Shared.Next(1_000_000) };
var workers = new Option<int>("--workers") { Description = "Workers that are kept running", DefaultValueFactory = _ => 3 };
var jobs = new Option<int>("--jobs") { Description = "Most regular jobs under way at once", DefaultValueFactory = _ => 4 };
var root = new RootCommand("Injects faults at random into a broker, a store, workers and jobs, and looks whether anything is lost.") { faults, minutes, seed, workers, jobs };
root.SetAction(async (arguments, cancellationToken) =>
{
    var options = new SoakOptions
    {
        Seed = arguments.GetValue(seed),
        Faults = arguments.GetValue(faults) ?? (arguments.GetValue(minutes) is null ? 1000 : null),
        Time = arguments.GetValue(minutes) is { } given ? TimeSpan.FromMinutes(given) : null,
        Workers = arguments.GetValue(workers),
        Jobs = arguments.GetValue(jobs),
    };
    var folder = Directory.CreateTempSubdirectory(string.Create(CultureInfo.InvariantCulture, $"sclip-soak-{options.Seed}-")).FullName;
    bool held;
    await using (var log = new StreamWriter(Path.Combine(folder, "soak.log")))
    {
        var report = new Report(arguments.InvocationConfiguration.Output, log);
        report.Say($"seed {options.Seed}");
        held = await new SoakRun(options, folder, report).RunAsync(cancellationToken);
    }
    if (held)
        Directory.Delete(folder, recursive: true);
    else
        await arguments.InvocationConfiguration.Output.WriteLineAsync($"The logs are in {folder}.");
    return held ? 0 : 1;
});
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
