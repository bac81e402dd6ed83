using System.CommandLine;
using Sclip.Cli.Benchmarks;
using Sclip.Cli.Completion;
using Sclip.Cli.Demo;
using Sclip.Cli.Doctor;
using Sclip.Cli.Evaluating;
using Sclip.Cli.Exploring;
using Sclip.Cli.Exporting;
using Sclip.Cli.Importing;
using Sclip.Cli.Jobs;
using Sclip.Cli.Labelling;
using Sclip.Cli.LabelSets;
using Sclip.Cli.Models;
using Sclip.Cli.Reviewing;
using Sclip.Cli.Workbench;
using Sclip.Dispatcher;
using Sclip.Evaluation;
using Sclip.Formats;
using Sclip.Formats.Importing;
using Sclip.Hosting.Configuration;
using Sclip.Hosting.Messaging;
using Sclip.Imaging;
using Sclip.Labels;
using Sclip.Segmentation;
using Sclip.Storage;
using Sclip.Storage.Folders;
using Sclip.Storage.Jobs;
using Sclip.Workbench;
using Sclip.Worker.Models;

namespace Sclip.Cli;

/// <summary>The program: its commands, and the one place where exceptions become messages and exit codes.</summary>
internal static class App
{
    private const string Description = """
        Sclip labels pictures without training: give it pictures and class names, get back segmentation masks.

        Exit codes: 0 all was done; 1 it could not run; 2 some pictures failed, see results.jsonl; 3 the page of --report could not be written, all else was done; 130 interrupted; where the same command goes on, it says so.
        """;

    public static async Task<int> RunAsync(string[] args, CliContext context)
    {
        var root = Create(context);
        ParseResult? parsed = null;
        try
        {
            var configuration = new InvocationConfiguration { Output = context.Output, Error = context.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            parsed = Parse(root, args);
            if (RefusalOf(parsed) is { } refusal)
                throw new UserException(refusal);
            return await parsed.InvokeAsync(configuration, context.Abort);
        }
        catch (OperationCanceledException)
        {
            await context.Error.WriteLineAsync(Resumption.Of(parsed));
            return ExitCodes.Interrupted;
        }
        catch (Exception error) when (IsForTheUser(error) && Environment.GetEnvironmentVariable("SCLIP_DEBUG") != "1")
        {
            await context.Error.WriteLineAsync($"sclip: {Printable.Message(error.Message, args)}");
            return ExitCodes.CannotRun;
        }
        // Where it is known what was read or written, a message of its own says so; this is the rest.
        catch (Exception error) when (error is (IOException and not EndOfStreamException and not HttpIOException) or UnauthorizedAccessException && Environment.GetEnvironmentVariable("SCLIP_DEBUG") != "1")
        {
            await context.Error.WriteLineAsync($"sclip: A file, a folder or the output cannot be read or written: {Printable.Message(error.Message, args)} (SCLIP_DEBUG=1 shows where)");
            return ExitCodes.CannotRun;
        }
        catch (Exception error) when (Environment.GetEnvironmentVariable("SCLIP_DEBUG") != "1")
        {
            await context.Error.WriteLineAsync($"sclip: unexpected {error.GetType().Name}: {Printable.Message(error.Message, args)} (SCLIP_DEBUG=1 shows where)");
            return ExitCodes.CannotRun;
        }
    }

    /// <summary>Why arguments are refused before anything is done; null where they are not.</summary>
    internal static string? Refusal(string[] args, CliContext context) => RefusalOf(Parse(Create(context), args));

    private static string? RefusalOf(ParseResult parsed) => WrongValues.Of(parsed) is { Count: > 0 } wrong ? string.Join('\n', wrong) : Misuse.Of(parsed);

    // An argument such as @list.txt is this program's to read, and no file of further arguments.
    private static ParseResult Parse(RootCommand root, string[] args) => root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });

    private static RootCommand Create(CliContext context)
    {
        var root = new RootCommand(Description)
        {
            LabelCommand.Create(context), RelabelCommand.Create(context), LabelsCommand.Create(context), DemoCommand.Create(context), ExploreCommand.Create(context), WorkbenchCommand.Create(context), ModelCommand.Create(context),
            ExportCommand.Create(context), ImportCommand.Create(context), EvalCommand.Create(context), ReviewCommand.Create(context),
        };
        foreach (var command in BenchmarkCommands.Create(context).Concat(JobCommands.Create(context)).Concat(ServiceCommands.Create()))
            root.Add(command);
        root.Add(DoctorCommand.Create(context));
        root.Add(CompletionCommand.Create(context, root));
        return root;
    }

    private static bool IsForTheUser(Exception error) =>
        error is UserException or FolderException or ModelHubException or ModelFormatException or SegmentationException or DeviceException or DeviceLostException or LabelSetException or BlobStoreException or ImagingLibraryException
            or ConfigurationException or BrokerException or JobRequestException or JobDocumentException or ExportException or ImportException or EvaluationException or WorkbenchException;
}
