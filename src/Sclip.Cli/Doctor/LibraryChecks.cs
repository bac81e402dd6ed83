using Sclip.Imaging;

namespace Sclip.Cli.Doctor;

/// <summary>The native libraries that read and write pictures.</summary>
internal static class LibraryChecks
{
    private static readonly Finding ManagedCode = new()
    {
        Name = "pictures",
        State = FindingState.Ok,
        Detail = "JPEG, PNG and WebP are read and written without libraries of the system, slower than by them.",
    };

    private static readonly Finding NoHeif = new()
    {
        Name = "HEIC and AVIF",
        State = FindingState.NotConfigured,
        Detail = "They are read on Linux alone, and refused here.",
        Advice = "Save them as JPEG or PNG.",
    };

    public static IEnumerable<Finding> All() =>
    [
        .. ImagingLibraries.ArePassedOver ? [ManagedCode] : ImagingLibraries.All.Where(library => library.IsNeeded).Select(Check),
        .. OperatingSystem.IsLinux() ? ImagingLibraries.All.Where(library => !library.IsNeeded).Select(Check) : [NoHeif],
    ];

    private static Finding Check(ImagingLibrary library) => library.IsInstalled()
        ? new Finding { Name = library.Name, State = FindingState.Ok, Detail = $"It is installed: {library.Use}." }
        : new Finding
        {
            Name = library.Name,
            State = library.IsNeeded ? FindingState.Missing : FindingState.NotConfigured,
            Detail = $"It is not installed; without it {library.Loss}.",
            Advice = $"Install it: apt-get install -y {library.Packages}",
        };
}
