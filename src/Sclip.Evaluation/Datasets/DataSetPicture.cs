using System.Buffers.Binary;
using System.Security.Cryptography;
using Sclip.Imaging;

namespace Sclip.Evaluation.Datasets;

/// <summary>A picture of a data set, where it lies, and where its ground truth may lie.</summary>
/// <param name="Name">Its name in messages.</param>
/// <param name="Path">Its file.</param>
/// <param name="GroundTruth">Files of its ground truth and what their ids mean; the first that exists counts.</param>
public sealed record DataSetPicture(string Name, string Path, IReadOnlyList<(string Path, LabelTable Table)> GroundTruth)
{
    private static readonly WatchedDecoder Decoder = new();

    /// <summary>Reads the picture and its ground truth, translated to classes (<see cref="LabelTable.Ignored"/> where pixels do not count).</summary>
    /// <exception cref="EvaluationException">One of them is missing or damaged, or they do not fit together.</exception>
    public (RgbImage Picture, ushort[] Truth) Read(ImageLimits limits)
    {
        var picture = Decode(Path, "the picture", file => Decoder.Run(Path, file, limits));
        var (path, table) = GroundTruth.FirstOrDefault(form => File.Exists(form.Path));
        if (path is null)
            throw new EvaluationException($"there is no ground truth {string.Join(" or ", GroundTruth.Select(form => form.Path))}.");
        var (labels, width, height) = Decode(path, "the ground truth", file => MaskDecoder.Read(file, limits));
        if ((width, height) != (picture.Width, picture.Height))
            throw new EvaluationException($"the picture has {picture.Width} x {picture.Height} pixels, but its ground truth {path} {width} x {height}.");
        if (table.Translate(labels) is >= 0 and var pixel)
            throw new EvaluationException($"the ground truth {path} has id {labels[pixel]} at x {pixel % width}, y {pixel / width}; its ids are {table}.");
        return (picture, labels);
    }

    /// <summary>What its file and that of its ground truth hold: other content has another fingerprint. A file that cannot be read is as one without content.</summary>
    public ulong Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var path in new[] { Path, GroundTruth.Select(form => form.Path).FirstOrDefault(File.Exists) })
            hash.AppendData(Content(path));
        return BinaryPrimitives.ReadUInt64LittleEndian(hash.GetHashAndReset());
    }

    private static byte[] Content(string? path)
    {
        try
        {
            return path is null ? [] : SHA256.HashData(File.ReadAllBytes(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static T Decode<T>(string path, string what, Func<byte[], T> decode)
    {
        try
        {
            return decode(File.ReadAllBytes(path));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new EvaluationException($"{what} {path} does not exist.", error);
        }
        catch (Exception error) when (error is ImageDecodeException or IOException or UnauthorizedAccessException)
        {
            throw new EvaluationException($"{what} {path} cannot be read: {error.Message}", error);
        }
    }
}
