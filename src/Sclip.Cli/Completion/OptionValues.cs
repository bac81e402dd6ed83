using System.CommandLine;

namespace Sclip.Cli.Completion;

/// <summary>Values of options that a shell may propose; others may be allowed all the same.</summary>
internal static class OptionValues
{
    public static Option<T> WithValues<T>(this Option<T> option, IEnumerable<string> values)
    {
        option.CompletionSources.Add([.. values]);
        return option;
    }
}
