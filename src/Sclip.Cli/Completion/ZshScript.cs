using System.Text;

namespace Sclip.Cli.Completion;

/// <summary>The script for zsh, which shows what commands and options do.</summary>
internal static class ZshScript
{
    public static string Of(CommandTree root)
    {
        var script = new StringBuilder("""
            #compdef sclip
            # Completion of sclip for zsh: source <(sclip completion zsh), or as a file _sclip in a folder of $fpath.
            _sclip() {
                local at= i
                local -a commands options
                for ((i = 2; i < CURRENT; i++)); do
                    case "$at/$words[i]" in

            """);
        script.Append($"            {string.Join('|', root.All.Where(command => command.Place.Length > 0).Select(command => command.Place))}) at=$at/$words[i] ;;\n");
        script.Append("        esac\n    done\n    case \"$at:$words[CURRENT-1]\" in\n");
        foreach (var command in root.All)
            foreach (var option in command.Options.Where(option => option.TakesValue))
                script.Append($"        {command.Place}:{option.Name}) {(option.Values.Count > 0 ? $"compadd -- {string.Join(' ', option.Values.Select(Quote))}" : "_files")}; return ;;\n");
        script.Append("    esac\n    case \"$at\" in\n");
        foreach (var command in root.All)
            script.Append($"        {(command.Place.Length == 0 ? "''" : command.Place)}) commands=({Described([.. command.Commands.Select(below => (below.Name, below.Description)), .. command.Values.Select(value => (value, ""))])}) options=({Described(command.Options.Select(option => (option.Name, option.Description)))}) ;;\n");
        return script.Append("""
                esac
                if [[ $words[CURRENT] == -* ]]; then
                    _describe -o option options
                elif (( $#commands )); then
                    _describe command commands
                else
                    _files
                fi
            }
            if [[ $funcstack[1] == _sclip ]]; then
                _sclip "$@"
            elif (( $+functions[compdef] )); then
                compdef _sclip sclip
            fi

            """).ToString();
    }

    private static string Described(IEnumerable<(string Name, string Description)> items) =>
        string.Join(' ', items.Select(item => Quote($"{item.Name.Replace(":", @"\:", StringComparison.Ordinal)}{(item.Description.Length > 0 ? $":{item.Description}" : "")}")));

    private static string Quote(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
