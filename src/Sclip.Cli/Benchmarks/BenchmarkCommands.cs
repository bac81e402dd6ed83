using System.CommandLine;
using Sclip.Exploration.Benchmarks;
using Sclip.Segmentation;

namespace Sclip.Cli.Benchmarks;

/// <summary><c>sclip benchmark</c> and <c>sclip ablate</c>: methods against ground truth, beside the paper's figures.</summary>
internal static class BenchmarkCommands
{
    private const string Refined = " + PAMR";
    private const int MostTrials = 100;

    public static IEnumerable<Command> Create(CliContext context) => [Benchmark(context), Ablate(context)];

    private static Command Benchmark(CliContext context)
    {
        var methods = new Option<string>("--methods") { Description = "Dense methods, with commas between; of a model that brings its own, that is the default.", DefaultValueFactory = _ => "clip,maskclip,sclip" };
        var pamr = new Option<bool>("--pamr") { Description = "Measure each method also refined by PAMR (slow)." };
        var options = new BenchmarkOptions("sclip-benchmark");
        var command = new Command("benchmark", "Label a data set by several methods, and compare with its ground truth and the paper (Table 1). Run again, it goes on where it was interrupted.");
        options.AddTo(command);
        options.AddRefinementTo(command);
        command.Add(methods);
        command.Add(pamr);
        command.SetAction(async (parsed, _) =>
        {
            var names = parsed.GetResult(methods) is { Implicit: true } && options.OwnMethod(parsed) is { } own ? [own] : ParseMethods(parsed.GetRequiredValue(methods));
            var configurations = names.Select(name => (Name: name, Settings: options.Tune(parsed, name))).ToList();
            options.RequireRefinement(parsed, parsed.GetValue(pamr));
            if (parsed.GetValue(pamr))
                configurations.AddRange(names.Select(name => (name + Refined, options.TuneRefined(parsed, name))));
            var arguments = options.Read(context, parsed, configurations);
            return await new BenchmarkRun(context).RunAsync(arguments, state => BenchmarkTables.Methods(arguments, state));
        });
        return command;
    }

    private static Command Ablate(CliContext context)
    {
        var trials = new Option<int>("--trials") { Description = "How often random projections are drawn.", DefaultValueFactory = _ => 5 };
        var options = new BenchmarkOptions("sclip-ablation");
        var command = new Command("ablate", "Measure which projection SCLIP's attention needs: none, queries, keys, both, random ones (the paper's Table 2). Run again, it goes on where it was interrupted.");
        options.AddTo(command);
        command.Add(trials);
        command.SetAction(async (parsed, _) =>
        {
            if (parsed.GetValue(trials) is not (>= 1 and <= MostTrials and var count))
                throw new UserException($"--trials must lie in 1..{MostTrials}; it is {parsed.GetValue(trials)}.");
            var rows = Ablation.Rows(count);
            var arguments = options.Read(context, parsed, [.. rows.SelectMany(row => row.Methods).Select(method => (method, options.Tune(parsed, method)))]);
            return await new BenchmarkRun(context).RunAsync(arguments, state => BenchmarkTables.Ablation(arguments, rows, state));
        });
        return command;
    }

    private static string[] ParseMethods(string text)
    {
        var methods = text.Split(',', StringSplitOptions.TrimEntries);
        foreach (var method in methods)
            DenseMethods.Validate(method);
        return methods.Distinct().Count() == methods.Length ? methods : throw new UserException($"--methods names one twice: {text}.");
    }
}
