namespace Sclip.Testing;

/// <summary>The repository that the tests run in.</summary>
public static class Repository
{
    /// <summary>The folder of Sclip.sln.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "Sclip.sln")))
                return folder;
        throw new InvalidOperationException($"Sclip.sln is in no folder above {AppContext.BaseDirectory}.");
    }
}
