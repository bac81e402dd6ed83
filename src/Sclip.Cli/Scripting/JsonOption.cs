using System.CommandLine;

namespace Sclip.Cli.Scripting;

/// <summary>The option <c>--json</c>, the same for all commands that have it.</summary>
internal static class JsonOption
{
    public static Option<bool> Create() => new("--json")
    {
        Description = "Print JSON and nothing else to the standard output, for programs (docs/json.md); whatever is said besides goes to the error stream.",
    };
}
