namespace Sclip.Segmentation;

/// <summary>A model directory that is missing, incomplete or corrupt; the message names the file and what is wrong with it.</summary>
public sealed class ModelFormatException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether the same may be read later: the files are there, and the disk or the network that they lie on failed.</summary>
    public bool MayPass => InnerException is IOException and not (FileNotFoundException or DirectoryNotFoundException);
}
