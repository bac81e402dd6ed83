namespace Sclip.Workbench;

/// <summary>A request that the workbench refuses; the message is for its user.</summary>
/// <param name="status">The HTTP status that it is answered with.</param>
/// <param name="message">What is wrong, and what to do.</param>
public sealed class WorkbenchException(int status, string message) : Exception(message)
{
    /// <summary>The HTTP status that it is answered with.</summary>
    public int Status => status;
}
