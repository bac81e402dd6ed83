using System.CommandLine;
using Sclip.Scaling.Cluster;
using Sclip.Scaling.Reports;

var profile = new Option<string>("--worker") { Description = "cpu (measured where it can be) or gpu (assumed)", DefaultValueFactory = _ => "cpu" }.AcceptOnlyFromAmong("cpu", "gpu");
var seed = new Option<int>("--seed") { Description = "Seed of all draws", DefaultValueFactory = _ => 1 };
var all = new Option<bool>("--all") { Description = "Tables of the other settings, too" };
var svg = new Option<FileInfo?>("--svg") { Description = "Where to write the figure (of the cpu worker)" };
var root = new RootCommand("Simulates how KEDA scales workers with the queues of shards.") { profile, seed, all, svg };
root.SetAction(arguments =>
{
    var report = new ScalingReport(arguments.InvocationConfiguration.Output, arguments.GetValue(profile) == "gpu" ? WorkerProfile.Gpu : WorkerProfile.Cpu, arguments.GetValue(seed));
    report.WriteQueueLengths();
    if (arguments.GetValue(all))
        report.WriteOtherSettings();
    if (arguments.GetValue(svg) is { } file)
        File.WriteAllText(file.FullName, Figure.Svg(arguments.GetValue(seed)));
});
return root.Parse(args).Invoke();
