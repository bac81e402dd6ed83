namespace Sclip.Imaging.Codecs.Portable;

/// <summary>Whether JPEG, PNG and WebP go through managed code instead of the system's libraries.</summary>
internal static class PortableCodecs
{
    private const string Variable = "SCLIP_CODECS", Portable = "portable";

    /// <summary>
    /// On Linux the libraries are a package away, faster and stricter, and all workers of a job shall see the same pixels: there managed code
    /// must be asked for. Elsewhere it is all there is.
    /// </summary>
    /// <exception cref="ImagingLibraryException">The variable names no codecs that there are.</exception>
    public static bool AreUsed => Environment.GetEnvironmentVariable(Variable) switch
    {
        null or "" => !OperatingSystem.IsLinux(),
        Portable => true,
        var other => throw new ImagingLibraryException($"{Variable} is '{other}', which is no choice of codecs: set it to {Portable} for codecs that need no library of the system, or leave it out."),
    };
}
