using System.IO.Compression;

namespace Sclip.Testing;

/// <summary>Checkpoints as PyTorch wrote them (Checkpoints/make.py), and such as it would not write.</summary>
public static class FakeCheckpoint
{
    public static byte[] Of(string name) => File.ReadAllBytes(PathOf(name));

    public static string PathOf(string name) => Path.Combine(Repository.Root, "tests", "Sclip.Testing", "Checkpoints", name);

    /// <summary>A zip of entries below <c>archive/</c>, stored but for the program of an archive of TorchScript.</summary>
    public static byte[] Zip(params (string Name, byte[] Content)[] entries)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create))
        {
            foreach (var (name, content) in entries)
            {
                using var stream = zip.CreateEntry($"archive/{name}", name.StartsWith("code/", StringComparison.Ordinal) ? CompressionLevel.Optimal : CompressionLevel.NoCompression).Open();
                stream.Write(content);
            }
        }
        return file.ToArray();
    }
}
