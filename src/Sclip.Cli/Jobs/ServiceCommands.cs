using System.CommandLine;
using Sclip.Cli.Labelling;
using Sclip.Dispatcher;
using Sclip.Hosting.Configuration;
using Sclip.Workbench;
using Sclip.Worker;

namespace Sclip.Cli.Jobs;

/// <summary>The services as commands, for one machine; in a cluster they are programs of their own.</summary>
internal static class ServiceCommands
{
    public static IEnumerable<Command> Create()
    {
        var device = new DeviceOptions();
        var worker = Service(
            "worker", "Run a worker: take shards from the queue until interrupted.", device.Settings, args => HostProgram.RunAsync("sclip worker", () => WorkerHost.Build(args)));
        device.AddTo(worker);
        yield return worker;
        yield return Service("workbench-service", "Run the workbench of a cluster, which a dispatcher forwards to (Dispatcher:Workbench).", _ => [], args => HostProgram.RunAsync("sclip workbench-service", () => WorkbenchHost.Build(args)));
        yield return Service("dispatcher", "Run the dispatcher: jobs over HTTP.", _ => [], args => HostProgram.RunAsync("sclip dispatcher", () => DispatcherHost.Build(args)));
    }

    private static Command Service(string name, string description, Func<ParseResult, IEnumerable<string>> more, Func<string[], Task<int>> run)
    {
        var settings = new Argument<string[]>("SETTING")
        {
            Description = "Settings as --Section:Key=value, and --urls=ADDRESS; each can also be an environment variable, SCLIP_SECTION__KEY.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var command = new Command(name, description) { settings };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, _) => run([.. parsed.GetValue(settings) ?? [], .. parsed.UnmatchedTokens, .. more(parsed)]));
        return command;
    }
}
