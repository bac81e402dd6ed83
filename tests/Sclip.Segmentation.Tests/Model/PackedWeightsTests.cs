using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Sclip.Segmentation.Kernels;
using Sclip.Testing;
using static Sclip.Segmentation.Tests.Kernels.Reference;

namespace Sclip.Segmentation.Tests.Model;

/// <summary>Weights packed panel by panel as they are read from their file, against those that were read whole.</summary>
public sealed class PackedWeightsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("F32", 40, 64)]
    [InlineData("F16", 21, 33)]
    [InlineData("BF16", 50, 769)]
    public unsafe void Three_parts_side_by_side_fill_the_same_panels(string type, int width, int k)
    {
        var values = Random(3 * width * k, 1);
        var data = type switch
        {
            "F32" => MemoryMarshal.AsBytes<float>(values).ToArray(),
            "F16" => [.. values.SelectMany(value => BitConverter.GetBytes((Half)value))],
            _ => (byte[])[.. values.SelectMany(value => BitConverter.GetBytes((ushort)(BitConverter.SingleToUInt32Bits(value) >> 16)))],
        };
        var header = new JsonObject { ["x"] = new JsonObject { ["dtype"] = type, ["shape"] = new JsonArray(3 * width, k), ["data_offsets"] = new JsonArray(0, data.Length) } };
        _folder.Write("model.safetensors", CorruptModelTests.Assemble(header, data));
        using var tensors = SafeTensors.OpenDirectory(_folder.Path);
        using var scratch = new Scratch();
        foreach (var kernel in (GemmKernel[])[GemmKernel.ForWidth(512), GemmKernel.ForWidth(256), GemmKernel.ForWidth(128), GemmKernel.ForWidth(0), GemmKernel.TwinOfBf16])
        {
            using PackedMatrix whole = new(k, 3 * width, kernel), parts = new(k, 3 * width, kernel);
            whole.SetColumns(0, tensors.Read("x", 3 * width, k));
            for (var part = 0; part < 3; part++)
            {
                _folder.Write($"{part}/model.safetensors", CorruptModelTests.Assemble(
                    new JsonObject { ["x"] = new JsonObject { ["dtype"] = type, ["shape"] = new JsonArray(width, k), ["data_offsets"] = new JsonArray(0, data.Length / 3) } },
                    data[(part * data.Length / 3)..((part + 1) * data.Length / 3)]));
                using var own = SafeTensors.OpenDirectory(_folder[$"{part}"]);
                using var rows = own.OpenRows("x", width, k);
                parts.SetColumns(part * width, width, rows, scratch);
            }
            var length = (int)PackedMatrix.PackedLength(k, 3 * width, kernel);
            Assert.Equal(new ReadOnlySpan<int>(whole.Values, length).ToArray(), new ReadOnlySpan<int>(parts.Values, length).ToArray());
        }
    }

    [Fact]
    public void Rows_behind_the_last_are_not_read()
    {
        var header = new JsonObject { ["x"] = new JsonObject { ["dtype"] = "F32", ["shape"] = new JsonArray(2, 3), ["data_offsets"] = new JsonArray(0, 24) } };
        _folder.Write("model.safetensors", CorruptModelTests.Assemble(header, new byte[24]));
        using var tensors = SafeTensors.OpenDirectory(_folder.Path);
        using var rows = tensors.OpenRows("x", 2, 3);
        rows.Read(1, new float[3]);
        Assert.Throws<ArgumentOutOfRangeException>(() => rows.Read(2, new float[3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => rows.Read(1, new float[6]));
        Assert.Throws<ArgumentOutOfRangeException>(() => rows.Read(-1, new float[3]));
    }
}
