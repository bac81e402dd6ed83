namespace Sclip.Cli.Jobs;

/// <summary>A dispatcher that does not answer, or cannot now; asked again, it may.</summary>
/// <param name="fault">What happened, and where.</param>
/// <param name="advice">What to do where it is not asked again.</param>
/// <param name="inner">What it happened by.</param>
internal sealed class DispatcherUnavailableException(string fault, string? advice = null, Exception? inner = null) : UserException(advice is null ? fault : $"{fault} {advice}", inner)
{
    /// <summary>What happened, and where.</summary>
    public string Fault { get; } = fault;
}
