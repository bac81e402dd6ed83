using System.Runtime.InteropServices;
using CsCheck;
using Sclip.Testing;

namespace Sclip.Labels.Tests.LabelMaps;

public sealed class NpyTests : IDisposable
{
    private const int Prefix = 10;

    private static readonly Gen<(long[] Shape, float[] Values)> Arrays =
        from shape in Gen.Long[0, 5].Array[0, 3]
        from values in Gen.Float.Array[(int)shape.Aggregate(1L, (count, length) => count * length)]
        select (shape, values);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read() => Arrays.Holds(200, array =>
    {
        var (values, shape) = Npy.ReadSingle(_folder.Write("a.npy", File(array)));
        Assert.Equal(array.Shape, shape.Select(length => (long)length));
        Assert.Equal(array.Values, values);
    });

    [Fact]
    public void A_damaged_file_is_read_to_its_shape_or_refused()
    {
        var files = Arrays.Select(File);
        // What is behind the header's length is damaged alone, too.
        var headers = files.Select(file => file[Prefix..]).Damaged().Select(rest => (byte[])[.. Npy.Header("<f4")[..Prefix], .. rest]);
        Gen.OneOf(files.Damaged(), headers).Holds(2000, file =>
        {
            var path = _folder.Write("a.npy", file);
            try
            {
                var (values, shape) = Npy.ReadSingle(path);
                Assert.Equal(shape.Aggregate(1L, (count, length) => count * length), values.Length);
                Assert.Equal(file[(Prefix + file[8] + 256 * file[9])..][..(4 * values.Length)], MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
            }
            catch (InvalidDataException error)
            {
                Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
            }
        }, Damage.Print);
    }

    private static byte[] File((long[] Shape, float[] Values) array) => [.. Npy.Header("<f4", array.Shape), .. MemoryMarshal.AsBytes(array.Values.AsSpan())];
}
