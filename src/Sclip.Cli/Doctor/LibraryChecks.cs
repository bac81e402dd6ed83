using Sclip.Imaging;

namespace Sclip.Cli.Doctor;

/// <summary>The native libraries that read and write pictures.</summary>
internal static class LibraryChecks
{
    public static IEnumerable<Finding> All() => ImagingLibraries.All.Select(library => library.IsInstalled()
        ? new Finding { Name = library.Name, State = FindingState.Ok, Detail = $"It is installed: {library.Use}." }
        : new Finding
        {
            Name = library.Name,
            State = library.IsNeeded ? FindingState.Missing : FindingState.NotConfigured,
            Detail = $"It is not installed; without it {library.Loss}.",
            Advice = $"Install it: apt-get install -y {library.Packages}",
        });
}
