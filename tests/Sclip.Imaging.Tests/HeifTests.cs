using System.Buffers.Binary;
using Sclip.Imaging.Codecs;
using Sclip.Imaging.Codecs.Native;

namespace Sclip.Imaging.Tests;

public sealed class HeifTests
{
    [Theory]
    [InlineData("turned-1.avif")]
    [InlineData("turned-2.avif")]
    [InlineData("turned-3.avif")]
    [InlineData("mirrored-0.avif")]
    [InlineData("mirrored-1.avif")]
    [InlineData("cut.avif")]
    public void A_picture_that_says_how_it_is_turned_or_cut_is_so_once(string name) => Fixture.AssertQuadrants(Fixture.Decode(name), 0, Fixture.Quadrants);

    [Fact]
    public void Tiles_are_joined()
    {
        var image = Fixture.Decode("grid.avif");
        Assert.Equal((128, 64), (image.Width, image.Height));
        for (var i = 0; i < 4; i++)
        {
            var pixel = image.Pixels.AsSpan(((i / 2 * 32 + 16) * 128 + i % 2 * 64 + 32) * 3, 3);
            Assert.Equal(Fixture.Quadrants[i], (pixel[0], pixel[1], pixel[2]));
        }
    }

    [Theory]
    [InlineData("rgb8.heic")]
    [InlineData("rgb8.avif")]
    public void A_picture_that_says_that_it_is_too_large_is_refused_before_it_is_decoded(string name) =>
        Assert.Contains("--max-pixels", Refuse(WithSize(Fixture.Read(name), 60000, 60000)), StringComparison.Ordinal);

    [Fact]
    public void A_picture_of_another_size_than_it_says_is_refused() => Refuse(WithSize(Fixture.Read("rgb8.avif"), 40, 24));

    [Fact]
    public void A_small_part_of_a_picture_that_is_stored_too_large_is_refused() =>
        Assert.Contains("--max-pixels", Refuse(WithSize(Fixture.Read("cut.avif"), 30000, 30000)), StringComparison.Ordinal);

    [Theory]
    [InlineData("heic", "mif1", "HEIC")]
    [InlineData("mif1", "heic", "HEIC")]
    [InlineData("avif", "mif1", "AVIF")]
    [InlineData("mif1", "miaf", "HEIF")]
    public void Its_brands_tell_what_it_is(string chief, string other, string name)
    {
        var file = FirstBox(chief, other);
        Assert.Equal(FileKind.Heif, FileKinds.Of(file));
        Assert.Contains($"the {name} is truncated or damaged", Refuse(file), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("isom")]
    [InlineData("qt  ")]
    [InlineData("crx ")]
    public void Another_kind_of_media_is_none(string brand) => Assert.Contains("a video, or a camera's raw picture", Refuse(FirstBox(brand, "mp42")), StringComparison.Ordinal);

    [Fact]
    public void Without_the_library_the_picture_alone_is_refused_and_the_message_says_what_to_install()
    {
        var error = Assert.Throws<ImageDecodeException>(() => NativeLibraries.CallHeif(Fixture.Read("rgb8.heic"), _ => throw new DllNotFoundException()));
        Assert.Equal("the file is a picture of HEIC, and libheif, which reads it, is not installed: apt-get install -y libheif1 (on Ubuntu and Debian 13 libheif1 libheif-plugin-libde265).", error.Message);
        error = Assert.Throws<ImageDecodeException>(() => NativeLibraries.CallHeif(Fixture.Read("rgb8.avif"), _ => throw new DllNotFoundException()));
        Assert.Contains("libheif1 libheif-plugin-dav1d", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(NativeLibraries.TurboJpeg, "libturbojpeg is not installed, without which JPEG cannot be read nor overlays be written; install it with: apt-get install -y libturbojpeg0 (on Ubuntu libturbojpeg)")]
    [InlineData(NativeLibraries.Spng, "libspng is not installed, without which PNG cannot be read nor masks be written; install it with: apt-get install -y libspng0")]
    [InlineData(NativeLibraries.WebP, "libwebp is not installed, without which WebP cannot be read; install it with: apt-get install -y libwebp7")]
    public void Without_one_of_the_others_the_message_says_what_is_lost(string library, string message) =>
        Assert.Equal(message, Assert.Throws<ImagingLibraryException>(() => NativeLibraries.Call<byte, int>(library, [], _ => throw new DllNotFoundException())).Message);

    [Fact]
    public void What_the_library_says_of_damage_is_one_line()
    {
        var message = Refuse(Fixture.Read("rgb8.heic")[..600]);
        Assert.Matches("^the HEIC is truncated or damaged: [^\n\r]*[^ .]\\.$", message);
    }

    /// <summary>The file with other sizes in its first property of a picture's size.</summary>
    private static byte[] WithSize(byte[] file, uint width, uint height)
    {
        var at = file.AsSpan().IndexOf("ispe"u8);
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(at + 8), width);
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(at + 12), height);
        return file;
    }

    private static byte[] FirstBox(string chief, string other) => [0, 0, 0, 20, .. "ftyp"u8, .. chief.Select(letter => (byte)letter), 0, 0, 0, 0, .. other.Select(letter => (byte)letter)];

    private static string Refuse(byte[] file) => Assert.Throws<ImageDecodeException>(() => ImageDecoder.Decode(file, ImageLimits.Default)).Message;
}
