using System.CommandLine;
using System.Globalization;
using Sclip.Cli.Labelling;
using Sclip.Exploration;
using Sclip.Imaging;

namespace Sclip.Cli.Exploring;

/// <summary><c>sclip explore</c>: its options.</summary>
internal static class ExploreCommand
{
    public static Command Create(CliContext context)
    {
        var inputs = new Argument<string[]>("IMAGE")
        {
            Description = $"Pictures ({ImageDecoder.Formats}), folders of them, or globs; at most {Explorer.MostPictures} in all.",
            Arity = ArgumentArity.OneOrMore,
        };
        var settings = new SettingsOptions(SettingsOptions.ModelHere);
        var methods = new Option<string>("--methods")
        {
            Description = "Dense methods to compare, with commas between.",
            DefaultValueFactory = _ => string.Join(',', new ExplorationOptions().Methods),
        };
        var points = new Option<string[]>("--point")
        {
            Description = "Points whose attention is shown, x,y in pixels of the original picture (default: the middles of the two largest classes).",
            AllowMultipleArgumentsPerToken = true,
        };
        var clusters = new Option<int>("--clusters")
        {
            Description = "Clusters of the dense features.",
            DefaultValueFactory = _ => new ExplorationOptions().Clusters,
        };
        var allClasses = new Option<bool>("--all-classes")
        {
            Description = $"Heat maps of all classes, and not only of the {Explorer.ClassesShown} that win most of a picture.",
        };
        var plainCosines = new Option<bool>("--plain-cosines")
        {
            Description = "Heat maps of the cosines as they are, and not of what they are above the mean of all classes.",
        };
        var output = new Option<string>("--out")
        {
            Description = "The page.",
            DefaultValueFactory = _ => "explore.html",
        };
        var device = new DeviceOptions();
        var threads = new Option<int>("--threads")
        {
            Description = "Threads that compute; results do not depend on it.",
            DefaultValueFactory = _ => Environment.ProcessorCount,
        };

        var command = new Command("explore", "Look closely at a few pictures to choose class names: heat maps, attention and clusters of several methods in one page.") { inputs };
        settings.AddWithoutMethodTo(command);
        foreach (var option in (Option[])[methods, points, clusters, allClasses, plainCosines, output, threads])
            command.Add(option);
        device.AddTo(command);
        command.SetAction((parsed, _) => new ExploreRun(context).RunAsync(new ExploreArguments
        {
            Inputs = parsed.GetRequiredValue(inputs),
            Labels = settings.ReadLabels(context, parsed),
            Model = parsed.GetRequiredValue(settings.Model),
            Guide = settings.GivenGuide(parsed),
            Output = parsed.GetRequiredValue(output),
            Settings = settings.ReadWithoutMethod(parsed),
            Methods = parsed.GetRequiredValue(methods).Split(',', StringSplitOptions.TrimEntries),
            Points = [.. (parsed.GetValue(points) ?? []).Select(ParsePoint)],
            Clusters = parsed.GetValue(clusters),
            AllClasses = parsed.GetValue(allClasses),
            PlainCosines = parsed.GetValue(plainCosines),
            Device = device.Read(parsed),
            Threads = (int)SettingsOptions.AtLeast("--threads", parsed.GetValue(threads), 1)!,
        }));
        return command;
    }

    private static (int X, int Y) ParsePoint(string text) =>
        text.Split(',', StringSplitOptions.TrimEntries) is [var x, var y]
            && int.TryParse(x, NumberStyles.None, CultureInfo.InvariantCulture, out var column) && int.TryParse(y, NumberStyles.None, CultureInfo.InvariantCulture, out var row)
            ? (column, row)
            : throw new UserException($"--point must be x,y in pixels of the original picture, such as 120,80; it is '{text}'.");
}
