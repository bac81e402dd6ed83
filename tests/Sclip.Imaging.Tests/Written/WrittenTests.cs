using Sclip.Imaging.Codecs.Sharp;
using SixLabors.ImageSharp.Memory;

namespace Sclip.Imaging.Tests.Written;

/// <summary>Every kind of file of the formats that no native library reads, against what was put into it.</summary>
public sealed class WrittenTests
{
    // Of pictures of a million pixels: a frame of 16 bits and as much again, what is handed out, and a reserve.
    private const long MostBytes = 100 << 20;
    private static readonly ImageLimits Small = new() { MaxPixels = 1_000_000 };

    private static readonly Dictionary<string, WrittenPicture> Pictures =
        BmpFiles.All().Concat(TgaFiles.All()).Concat(TiffFiles.All()).Concat(GifFiles.All()).Concat(NetpbmFiles.All()).ToDictionary(item => item.Name, item => item.Picture);

    private static readonly Dictionary<string, (byte[] File, string Mention)> Refusals =
        BmpFiles.Refused().Concat(TgaFiles.Refused()).Concat(TiffFiles.Refused()).Concat(GifFiles.Refused()).Concat(NetpbmFiles.Refused()).ToDictionary(item => item.Name, item => (item.File, item.Mention));

    public static TheoryData<string> Written => [.. Pictures.Keys];

    public static TheoryData<string> Refused => [.. Refusals.Keys];

    [Theory]
    [MemberData(nameof(Written))]
    public void What_was_written_comes_out(string name)
    {
        var (file, expected, tolerance) = Pictures[name];
        var image = ImageDecoder.Decode(file, ImageLimits.Default);
        Assert.Equal((expected.Width, expected.Height), (image.Width, image.Height));
        Assert.All(image.Pixels.Zip(expected.Pixels), pair => Assert.InRange(pair.First - pair.Second, -tolerance, tolerance));
    }

    [Theory]
    [MemberData(nameof(Written))]
    public void The_limit_of_pixels_holds(string name)
    {
        var (file, expected, _) = Pictures[name];
        var pixels = expected.Width * expected.Height;
        Assert.Contains("--max-pixels", Assert.Throws<ImageDecodeException>(() => ImageDecoder.Decode(file, new ImageLimits { MaxPixels = pixels - 1 })).Message, StringComparison.Ordinal);
        ImageDecoder.Decode(file, new ImageLimits { MaxPixels = pixels });
    }

    [Theory]
    [MemberData(nameof(Written))]
    public void A_truncated_file_is_refused_or_lost_nothing(string name)
    {
        var (file, expected, tolerance) = Pictures[name];
        for (var length = 1; length < file.Length; length++)
        {
            if (Try(file[..length]) is { } image)
                Assert.All(image.Pixels.Zip(expected.Pixels), pair => Assert.InRange(pair.First - pair.Second, -tolerance, tolerance));
        }
    }

    [Theory]
    [MemberData(nameof(Written))]
    public void A_damaged_file_is_a_picture_or_refused_and_takes_no_more_memory_than_a_sound_one(string name)
    {
        var random = new Random(name.Length);
        for (var round = 0; round < 100; round++)
        {
            byte[] file = [.. Pictures[name].File];
            // Headers, where damage does most, are hit as often as all the rest.
            for (var i = random.Next(1, 5); i > 0; i--)
                file[random.Next(2, random.Next(2) == 0 ? Math.Min(60, file.Length) : file.Length)] = random.Next(3) == 0 ? (byte)255 : (byte)random.Next(256);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Try(file);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes);
        }
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_is_not_read_is_refused_by_name_and_takes_no_memory(string name)
    {
        var (file, mention) = Refusals[name];
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(mention, Assert.Throws<ImageDecodeException>(() => ImageDecoder.Decode(file, ImageLimits.Default)).Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void A_cancelled_decoding_ends()
    {
        var file = Pictures["TIFF RGB in strips, little endian"].File;
        Assert.ThrowsAny<OperationCanceledException>(() => ImageDecoder.Decode(file, ImageLimits.Default, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Memory_beyond_the_budget_is_refused_and_what_was_given_back_counts_again()
    {
        var allocator = new BudgetAllocator(100);
        using (allocator.Allocate<byte>(60))
            Assert.Throws<InvalidMemoryOperationException>(() => allocator.Allocate<short>(21));
        using var all = allocator.Allocate<int>(25);
        Assert.Equal(25, all.Memory.Length);
        Assert.Throws<InvalidMemoryOperationException>(() => allocator.Allocate<byte>(1));
    }

    private static RgbImage? Try(byte[] file)
    {
        try
        {
            return ImageDecoder.Decode(file, Small);
        }
        catch (ImageDecodeException error)
        {
            Assert.NotEmpty(error.Message);
            return null;
        }
    }
}
