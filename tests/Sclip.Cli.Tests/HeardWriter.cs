namespace Sclip.Cli.Tests;

/// <summary>Keeps what a command writes, and tells once it has written a text.</summary>
internal sealed class HeardWriter(string awaited) : StringWriter
{
    private readonly TaskCompletionSource _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends with the write that has the text.</summary>
    public Task Heard => _heard.Task;

    public override void Write(string? value)
    {
        base.Write(value);
        if (value?.Contains(awaited, StringComparison.Ordinal) == true)
            _heard.TrySetResult();
    }
}
