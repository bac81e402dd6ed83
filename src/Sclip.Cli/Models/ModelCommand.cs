using System.CommandLine;
using Sclip.Cli.Scripting;
using Sclip.Contracts;
using Sclip.Segmentation;
using Sclip.Worker.Models;
using Spectre.Console;

namespace Sclip.Cli.Models;

/// <summary><c>sclip model pull|convert|list|show</c>.</summary>
internal static class ModelCommand
{
    public static Command Create(CliContext context) => Create(Environment.GetEnvironmentVariable, Task.Delay, context.Stop, context.Interactive ? context.Console : null);

    /// <param name="environment">Looks up an environment variable.</param>
    /// <param name="delay">Waits.</param>
    /// <param name="stop">Ends a pull or a conversion, as does the token that the command is invoked with.</param>
    /// <param name="terminal">Where bars are drawn; null where nobody watches.</param>
    internal static Command Create(
        Func<string, string?> environment, Func<TimeSpan, CancellationToken, Task> delay, CancellationToken stop, IAnsiConsole? terminal = null) => new("model", "Download models, convert them, and show what they are")
    {
        CreatePull(environment, delay, stop, terminal),
        CreateConvert(stop, terminal),
        CreateList(environment),
        CreateShow(environment),
    };

    private static Command CreatePull(Func<string, string?> environment, Func<TimeSpan, CancellationToken, Task> delay, CancellationToken stop, IAnsiConsole? terminal)
    {
        var idArgument = new Argument<string>("ID") { Description = "organisation/name, or organisation/name@revision" };
        var endpointOption = new Option<string?>("--endpoint") { Description = $"Address of the hub; by default HF_ENDPOINT, else {HubClient.DefaultEndpoint}" };
        var forceOption = new Option<bool>("--force") { Description = "Pull what is in the cache already once more" };
        var command = new Command("pull", "Download a model from the hub into the cache (SCLIP_CACHE); HF_TOKEN gives access to private ones")
        {
            idArgument,
            endpointOption,
            forceOption,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (text, output) = (parsed.GetValue(idArgument)!, parsed.InvocationConfiguration.Output);
            return Guard(parsed, $"What is downloaded is kept; go on with: sclip model pull {text}", async () =>
            {
                var id = ModelId.TryParse(text) ?? throw new ModelHubException(ModelId.Refusal(text)!);
                using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stop);
                using var hub = HubClient.Of(environment, parsed.GetValue(endpointOption));
                var cache = ModelCache.Of(environment);
                var known = Directory.Exists(cache.DirectoryOf(id)) && !parsed.GetValue(forceOption);
                var directory = await PullDisplay.Run(output, terminal, (progress, notify) =>
                    new ModelPull(cache, hub) { Progress = progress, Notify = notify, Delay = delay }.Run(id, parsed.GetValue(forceOption), ended.Token));
                output.WriteLine(known ? $"{id} is in the cache already: {directory} (--force pulls it again)" : $"{id} is in {directory}");
            });
        });
        return command;
    }

    private static Command CreateConvert(CancellationToken stop, IAnsiConsole? terminal)
    {
        var sourceArgument = new Argument<string>("FILE|DIR") { Description = "pytorch_model.bin or open_clip_pytorch_model.bin with the model's small files beside it, or a directory of both (or of shards); or a checkpoint of OpenAI, such as ViT-B-16.pt, EVA02-CLIP, TCL or SegCLIP, alone" };
        var outOption = new Option<string>("--out") { Description = "The new model directory; none yet, or an empty one", Required = true };
        var command = new Command("convert", "Make a model directory of weights that PyTorch saved (.bin, .pt); nothing in them is executed")
        {
            sourceArgument,
            outOption,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (output, target) = (parsed.InvocationConfiguration.Output, parsed.GetRequiredValue(outOption));
            return Guard(parsed, "Nothing was written.", async () =>
            {
                using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stop);
                await PullDisplay.Run(output, terminal, async (progress, notify) =>
                {
                    await Task.Run(() => ModelConversion.Run(parsed.GetValue(sourceArgument)!, target, progress, notify, ended.Token));
                    return target;
                });
                output.WriteLine($"The model is in {target}");
            });
        });
        return command;
    }

    private static Command CreateList(Func<string, string?> environment)
    {
        var json = JsonOption.Create();
        var command = new Command("list", "List the models in the cache") { json };
        command.SetAction((parsed, _) => Guard(parsed, "", async () =>
        {
            var (listing, output) = (ModelReport.Read(ModelCache.Of(environment)), parsed.InvocationConfiguration.Output);
            if (parsed.GetValue(json))
                await output.WriteJsonAsync(listing, CliJson.Default.ModelListing);
            else
                ModelReport.List(listing, output);
        }));
        return command;
    }

    private static Command CreateShow(Func<string, string?> environment)
    {
        var json = JsonOption.Create();
        var modelArgument = new Argument<string>("MODEL") { Description = "A directory, or the id of a pulled model" };
        var command = new Command("show", "Show a model's architecture and size") { modelArgument, json };
        command.SetAction((parsed, _) => Guard(parsed, "", async () =>
        {
            var (directory, output) = (ModelCache.Of(environment).Resolve(parsed.GetValue(modelArgument)!), parsed.InvocationConfiguration.Output);
            if (parsed.GetValue(json))
                await output.WriteJsonAsync(ModelDescription.Read(directory), CliJson.Default.ModelDescription);
            else
                ModelReport.Show(directory, output);
        }));
        return command;
    }

    private static async Task<int> Guard(ParseResult parsed, string stopped, Func<Task> action)
    {
        var error = parsed.InvocationConfiguration.Error;
        try
        {
            await action();
            return ExitCodes.Done;
        }
        catch (Exception failure) when (failure is ModelHubException or ModelFormatException or IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"sclip: {Printable.Message(failure.Message, parsed.Tokens.Select(token => token.Value))}");
            return ExitCodes.CannotRun;
        }
        catch (OperationCanceledException)
        {
            error.WriteLine($"Stopped. {stopped}");
            return ExitCodes.Interrupted;
        }
    }
}
