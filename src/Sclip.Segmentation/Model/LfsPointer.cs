namespace Sclip.Segmentation;

/// <summary>The few lines that git leaves in a large file's place where Git LFS did not fetch the file itself.</summary>
internal static class LfsPointer
{
    /// <exception cref="ModelFormatException">The file is such a pointer.</exception>
    public static void Refuse(string path)
    {
        var start = "version https://git-lfs.github.com/spec/v1"u8;
        try
        {
            Span<byte> head = stackalloc byte[start.Length];
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            if (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head.SequenceEqual(start))
                throw new ModelFormatException($"{path} is a Git LFS pointer, not the weights: run `git lfs pull` in its repository, or download the file itself.");
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ModelFormatException($"{path} is missing; a model or a guide is a directory in the layout of Hugging Face or OpenCLIP.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModelFormatException($"{path} cannot be read: {error.Message}", error);
        }
    }
}
