using Sclip.Testing;

namespace Sclip.Imaging.Tests;

public sealed class PictureSizeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Pictures => [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Fixtures")).Select(file => Path.GetFileName(file)).Where(name => name.EndsWith(".jpg", StringComparison.Ordinal) || name.EndsWith(".png", StringComparison.Ordinal) || name.EndsWith(".tif", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Pictures))]
    public void The_size_is_that_of_the_decoded_upright_picture(string name)
    {
        var image = ImageDecoder.Decode(Fixture.Read(name), ImageLimits.Default);
        Assert.Equal((image.Width, image.Height), PictureSize.Read(Written(name, Fixture.Read(name)), ImageLimits.Default));
    }

    [Fact]
    public void A_jpeg_is_read_no_further_than_its_size()
    {
        var file = Fixture.Read("baseline.jpg");
        var image = ImageDecoder.Decode(file, ImageLimits.Default);
        // Behind a comment of more than is read at first, and cut off where its pixels begin.
        byte[] comment = [0xFF, 0xFE, 0xFF, 0xFF, .. new byte[65533]];
        var start = file.AsSpan().IndexOf<byte>([0xFF, 0xDA]);
        Assert.Equal((image.Width, image.Height), PictureSize.Read(Written("a.jpg", [.. file[..2], .. comment, .. file[2..start]]), ImageLimits.Default));
    }

    [Fact]
    public void What_is_no_picture_or_too_large_is_refused()
    {
        Assert.Contains("no picture", Assert.Throws<ImageDecodeException>(() => PictureSize.Read(Written("a.jpg", "text"u8.ToArray()), ImageLimits.Default)).Message, StringComparison.Ordinal);
        Assert.Contains("--max-pixels", Assert.Throws<ImageDecodeException>(() => PictureSize.Read(Written("b.png", Fixture.Read("rgb8.png")), new ImageLimits { MaxPixels = 5 })).Message, StringComparison.Ordinal);
        Assert.Throws<ImageDecodeException>(() => PictureSize.Read(Written("c.png", []), ImageLimits.Default));
    }

    public void Dispose() => _folder.Dispose();

    private string Written(string name, byte[] content)
    {
        _folder.Write(name, content);
        return _folder[name];
    }
}
