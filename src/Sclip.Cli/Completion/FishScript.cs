using System.Text;

namespace Sclip.Cli.Completion;

/// <summary>The script for fish, which shows what commands and options do.</summary>
internal static class FishScript
{
    public static string Of(CommandTree root)
    {
        var script = new StringBuilder("""
            # Completion of sclip for fish: sclip completion fish | source
            function __sclip_at
                set -l words (commandline -opc)
                set -e words[1]
                set -l at ''
                for word in $words
                    switch "$at/$word"

            """);
        script.Append($"            case {string.Join(' ', root.All.Where(command => command.Place.Length > 0).Select(command => Quote(command.Place)))}\n");
        script.Append("""
                            set at "$at/$word"
                    end
                end
                test "$at" = "$argv[1]"
            end

            """);
        foreach (var command in root.All)
        {
            var start = $"complete -c sclip -n {Quote($"__sclip_at '{command.Place}'")}";
            foreach (var below in command.Commands)
                script.Append($"{start} -f -a {Quote(below.Name)} -d {Quote(below.Description)}\n");
            foreach (var value in command.Values)
                script.Append($"{start} -f -a {Quote(value)}\n");
            foreach (var option in command.Options)
                script.Append($"{start} -l {option.Name[2..]}{(option.TakesValue ? option.Values.Count > 0 ? $" -x -a {Quote(string.Join(' ', option.Values))}" : " -r" : "")} -d {Quote(option.Description)}\n");
        }
        return script.ToString();
    }

    private static string Quote(string text) => $"'{text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", @"\'", StringComparison.Ordinal)}'";
}
