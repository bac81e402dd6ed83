using Sclip.Testing;

namespace Sclip.Images.Tests;

/// <summary>Folders of a test that the user of an image reads and writes.</summary>
internal static class Share
{
    /// <summary>Lets everybody into a folder, which is the test's alone until then.</summary>
    public static void WithAll(TemporaryFolder folder) => File.SetUnixFileMode(folder.Path, (UnixFileMode)Convert.ToInt32("777", 8));
}
