using System.Text;

namespace Sclip.Cli.Completion;

/// <summary>The script for bash; files are left to bash itself.</summary>
internal static class BashScript
{
    public static string Of(CommandTree root)
    {
        var script = new StringBuilder("""
            # Completion of sclip for bash: source <(sclip completion bash)
            _sclip() {
                local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} at= values= commands= options= i
                # bash takes --option=value for three words.
                if [[ $word == "=" ]]; then
                    word=
                elif [[ $before == "=" ]]; then
                    before=${COMP_WORDS[COMP_CWORD-2]}
                fi
                COMPREPLY=()
                for ((i = 1; i < COMP_CWORD; i++)); do
                    case "$at/${COMP_WORDS[i]}" in

            """);
        script.Append($"            {string.Join('|', root.All.Where(command => command.Place.Length > 0).Select(command => command.Place))}) at=$at/${{COMP_WORDS[i]}} ;;\n");
        script.Append("        esac\n    done\n    case \"$at:$before\" in\n");
        foreach (var command in root.All)
            foreach (var option in command.Options.Where(option => option.TakesValue && option.Values.Count > 0))
                script.Append($"        {command.Place}:{option.Name}) values={Quote(option.Values)} ;;\n");
        foreach (var command in root.All.Where(command => command.Options.Any(option => option is { TakesValue: true, Values.Count: 0 })))
            script.Append($"        {string.Join('|', command.Options.Where(option => option is { TakesValue: true, Values.Count: 0 }).Select(option => $"{command.Place}:{option.Name}"))}) return ;;\n");
        script.Append("    esac\n    case \"$at\" in\n");
        foreach (var command in root.All)
            script.Append($"        {(command.Place.Length == 0 ? "''" : command.Place)}) commands={Quote([.. command.Commands.Select(below => below.Name), .. command.Values])} options={Quote(command.Options.Select(option => option.Name))} ;;\n");
        return script.Append("""
                esac
                if [[ -n $values ]]; then
                    COMPREPLY=($(compgen -W "$values" -- "$word"))
                elif [[ $word == -* ]]; then
                    COMPREPLY=($(compgen -W "$options" -- "$word"))
                else
                    COMPREPLY=($(compgen -W "$commands" -- "$word"))
                fi
            }
            complete -o default -F _sclip sclip

            """).ToString();
    }

    private static string Quote(IEnumerable<string> words) => $"'{string.Join(' ', words).Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
