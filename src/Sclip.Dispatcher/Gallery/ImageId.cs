namespace Sclip.Dispatcher.Gallery;

/// <summary>Numbers of images in an index: their shard and their line in it, so that they ascend as the job has its images.</summary>
internal static class ImageId
{
    private const int LineBits = 24;
    private const int BlockBits = 5;

    /// <summary>Images whose results are kept together, packed.</summary>
    public const int BlockSize = 1 << BlockBits;

    /// <summary>The number of an image.</summary>
    public static long Of(int shard, int line) => (long)shard << LineBits | (uint)line;

    /// <summary>The shard of an image.</summary>
    public static int Shard(long id) => (int)(id >> LineBits);

    /// <summary>The block that an image's result is in.</summary>
    public static long Block(long id) => id >> BlockBits;

    /// <summary>The place of an image's result in its block.</summary>
    public static int LineInBlock(long id) => (int)(id & (BlockSize - 1));
}
