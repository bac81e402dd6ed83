namespace Sclip.Cli.Labelling;

/// <summary>The hidden folder of an output that a run's documents lie in; one that a killed run left is cleared away first.</summary>
internal sealed class JobFolder : IDisposable
{
    public JobFolder(string output)
    {
        Path = System.IO.Path.Combine(System.IO.Path.GetFullPath(output), ".sclip");
        try
        {
            Clear();
            Directory.CreateDirectory(Path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{Path} cannot be written: {error.Message}", error);
        }
    }

    public string Path { get; }

    public void Dispose()
    {
        try
        {
            Clear();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The next run clears it away.
        }
    }

    private void Clear()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }
}
