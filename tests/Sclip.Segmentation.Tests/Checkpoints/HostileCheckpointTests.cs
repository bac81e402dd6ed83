using System.Buffers.Binary;
using System.IO.Compression;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.Checkpoints;

/// <summary>A file that nobody vouches for is refused in one line, before memory or disk is taken by what it claims.</summary>
public sealed class HostileCheckpointTests : IDisposable
{
    private readonly CheckpointFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData("posix", "system")]
    [InlineData("builtins", "eval")]
    [InlineData("torch._utils", "_rebuild_sparse_tensor")]
    [InlineData("collections", "Counter")]
    [InlineData("torch", "load")]
    public void A_name_that_weights_do_not_need_is_refused_before_it_is_called(string module, string name)
    {
        Refuses($"names {module}.{name}", new FakePickle().Name(module, name).End());
        Refuses($"names {module}.{name}", new FakePickle().Text(module).Text(name).Raw(0x93).End());
    }

    [Fact]
    public void Every_instruction_that_is_not_needed_is_refused_with_its_name()
    {
        foreach (var (code, name) in new (int, string)[] { ('i', "INST"), ('o', "OBJ"), (0x81, "NEWOBJ"), (0x92, "NEWOBJ_EX"), (0x82, "EXT1"), ('P', "PERSID"), ('B', "BINBYTES"), (']', "EMPTY_LIST"), ('a', "APPEND"), ('0', "POP"), ('2', "DUP"), (0x97, "NEXT_BUFFER"), (0xff, "unknown") })
            Refuses($"({name})", new FakePickle().Raw((byte)code).End());
    }

    [Fact]
    public void No_byte_is_an_instruction_that_makes_anything_but_weights()
    {
        // Each as the first instruction, before whatever it may take; all end in a refusal, and in no other exception.
        for (var code = 0; code < 256; code++)
            _fixture.Refuse(Checkpoint([0x80, 2, (byte)code, .. new byte[16]]));
    }

    [Fact]
    public void A_dictionary_is_called_by_nothing_but_its_own_arguments()
    {
        Refuses("calls collections.OrderedDict with other arguments", new FakePickle().Name("collections", "OrderedDict").Numbers(1).Raw((byte)'R').End());
        Refuses("calls torch.FloatStorage with other arguments", new FakePickle().Name("torch", "FloatStorage").Numbers(1).Raw((byte)'R').End());
        Refuses("calls something with other arguments", new FakePickle().Text("f").Numbers(1).Raw((byte)'R').End());
        Refuses("sets the state of something", new FakePickle().Text("f").Raw((byte)'}', (byte)'b').End());
        Refuses("refers to something outside it", new FakePickle().Text("/etc/passwd").Raw((byte)'Q').End());
    }

    [Fact]
    public void Lengths_beyond_the_file_are_refused()
    {
        Refuses("it is cut off", [0x80, 2, (byte)'X', 0xff, 0xff, 0xff, 0xff]);
        Refuses("it is cut off", [0x80, 2, 0x8d, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
        Refuses("it is cut off", [0x80, 4, 0x95, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
        Refuses("more than 64 bits", [0x80, 2, 0x8a, 0xff]);
        Refuses("it is cut off", [0x80, 2, (byte)'c', (byte)'o', (byte)'s']);
        Refuses("protocol 6", [0x80, 6, (byte)'.']);
        Refuses("no valid Unicode", [0x80, 2, 0x8c, 1, 0xff, (byte)'.']);
    }

    [Fact]
    public void Values_out_of_place_are_refused()
    {
        Refuses("lacks its values", new FakePickle().Raw((byte)'t').End());
        Refuses("lacks its values", new FakePickle().Raw((byte)'u').End());
        Refuses("lacks its values", new FakePickle().Raw((byte)'R').End());
        Refuses("lacks its values", new FakePickle().Number(1).Raw((byte)'(', 0x85).End());
        Refuses("key without a value", new FakePickle().Raw((byte)'}', (byte)'(').Number(1).Raw((byte)'u').End());
        Refuses("a value that is not there", new FakePickle().Raw((byte)'h', 7).End());
        Refuses("goes on after its end", [.. new FakePickle().Raw((byte)'}').End(), .. "more"u8]);
        Refuses("it ends amid values", new FakePickle().Raw((byte)'}', (byte)'}').End());
        Refuses("no dictionary of weights", new FakePickle().Number(1).End());
        Refuses("it has nothing", new FakePickle().Raw((byte)'}').End());
    }

    [Fact]
    public void Deep_nesting_is_refused_and_what_refers_to_itself_many_times_takes_no_memory()
    {
        Refuses("deeper", new FakePickle().Raw([.. Enumerable.Repeat((byte)'(', 100_000)]).End());
        Refuses("deeper", new FakePickle().Raw([.. Enumerable.Repeat((byte)'}', 100_000)]).End());
        // A tuple of two of the tuple before, 10,000 times over: of 2^10000 parts, were it ever written out.
        var bomb = new FakePickle().Raw((byte)')');
        for (var i = 0; i < 10_000; i++)
            bomb.Raw((byte)'q', 0, (byte)'h', 0, 0x86);
        Refuses("no dictionary of weights", bomb.End());
        Refuses("x among the weights is no named tensor", new FakePickle().Raw((byte)'}', (byte)'q', 0).Text("x").Raw((byte)'h', 0, (byte)'s').End());
    }

    [Theory]
    [InlineData(6, 1, new long[] { 2, 3 }, new long[] { 3, 1 }, "reaches beyond the 6 values")]
    [InlineData(6, 0, new long[] { 2, 3 }, new long[] { 4, 1 }, "reaches beyond the 6 values")]
    [InlineData(6, long.MaxValue, new long[] { 1 }, new long[] { 1 }, "reaches beyond the 6 values")]
    [InlineData(6, 0, new long[] { int.MaxValue, int.MaxValue, int.MaxValue, 4 }, new long[] { long.MaxValue, long.MaxValue, long.MaxValue, 1 }, "reaches beyond the 6 values")]
    [InlineData(6, 0, new long[] { int.MaxValue, int.MaxValue, int.MaxValue }, new long[] { 0, 0, 0 }, "repeats its 1 stored values")]
    [InlineData(6, 0, new long[] { 3, 3 }, new long[] { 1, 1 }, "repeats its 5 stored values")]
    [InlineData(6, -1, new long[] { 2, 3 }, new long[] { 3, 1 }, "make no sense")]
    [InlineData(6, 0, new long[] { -2, -3 }, new long[] { 3, 1 }, "make no sense")]
    [InlineData(6, 0, new long[] { 2, 3 }, new long[] { -3, 1 }, "make no sense")]
    [InlineData(6, 0, new long[] { 2, 3 }, new long[] { 1 }, "make no sense")]
    [InlineData(6, 0, new long[] { 1L << 31 }, new long[] { 1 }, "make no sense")]
    [InlineData(6, 0, new long[] { 1, 1, 1, 1, 1, 1, 1, 1, 1 }, new long[] { 1, 1, 1, 1, 1, 1, 1, 1, 1 }, "make no sense")]
    [InlineData(7, 0, new long[] { 2, 3 }, new long[] { 3, 1 }, "claims 7 values of F32, and 24 bytes are there")]
    [InlineData(long.MaxValue, 0, new long[] { 2, 3 }, new long[] { 3, 1 }, "claims 9223372036854775807 values")]
    public void A_tensor_beyond_its_storage_is_refused(long stored, long offset, long[] shape, long[] strides, string expected) =>
        Refuses(expected, new FakePickle().Raw((byte)'}').Text("w").Tensor("0", stored, offset, shape, strides).Raw((byte)'s').End(), ("data/0", new byte[24]));

    [Fact]
    public void Values_that_are_missing_twice_there_or_shared_too_often_are_refused()
    {
        static FakePickle Weight(FakePickle pickle, string name) => pickle.Text(name).Tensor("0", 2000, 0, [2000], [1]).Raw((byte)'s');
        Refuses("the values of w are missing", Weight(new FakePickle().Raw((byte)'}'), "w").End());
        Refuses("w is there twice", Weight(Weight(new FakePickle().Raw((byte)'}'), "w"), "w").End(), ("data/0", new byte[8000]));
        string[] names = ["vision_model.embeddings.patch_embedding.weight", "text_model.embeddings.token_embedding.weight", "visual_projection.weight", "text_projection.weight"];
        Refuses("more than twice", names.Aggregate(new FakePickle().Raw((byte)'}'), Weight).End(), ("data/0", new byte[8000]));
    }

    [Fact]
    public void A_name_is_shown_cut_and_without_control_characters() =>
        Refuses("...", new FakePickle().Raw((byte)'}').Text("\u001b[2J\n" + new string('x', 10_000)).Number(1).Raw((byte)'s').End());

    [Fact]
    public void A_pickle_larger_than_any_of_weights_is_refused_unread() =>
        Refuses("has 5000000 bytes", new byte[5_000_000]);

    [Fact]
    public void What_is_no_zip_of_a_checkpoint_is_refused()
    {
        Contains("is no PyTorch checkpoint: it is no zip", []);
        Contains("is no PyTorch checkpoint: it is no zip", "<html>"u8.ToArray());
        Contains("is no PyTorch checkpoint: it is a zip without data.pkl", FakeCheckpoint.Zip(("readme", [])));
        Contains("archive/data.pkl is in it twice", FakeCheckpoint.Zip(("data.pkl", []), ("data.pkl", [])));
        Contains("another byte order", FakeCheckpoint.Zip(("data.pkl", []), ("byteorder", "big"u8.ToArray())));
    }

    [Fact]
    public void A_compressed_entry_is_refused()
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        using (var stream = zip.CreateEntry("archive/data.pkl").Open())
            stream.Write(new byte[1000]);
        Contains("archive/data.pkl is compressed", file.ToArray());
    }

    [Fact]
    public void A_checkpoint_cut_off_anywhere_is_refused()
    {
        var whole = FakeCheckpoint.Of("half.bin");
        for (var length = 0; length < whole.Length; length += 13)
            _fixture.Refuse(whole[..length]);
    }

    [Fact]
    public void Numbers_changed_in_the_directory_of_the_zip_are_refused()
    {
        var whole = FakeCheckpoint.Zip(("data.pkl", new FakePickle().Raw((byte)'}').End()), ("data/0", new byte[24]));
        var first = whole.AsSpan().IndexOf("PK\u0001\u0002"u8);
        var second = first + 4 + whole.AsSpan(first + 4).IndexOf("PK\u0001\u0002"u8);
        var end = whole.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        Contains("claims 2147483647 bytes, which lie outside", With(second + 20, int.MaxValue, second + 24, int.MaxValue));
        Contains("lies outside the file", With(second + 42, int.MaxValue));
        Contains("does not begin where the directory says", With(second + 42, 1));
        Contains("overlaps another entry", With(second + 42, 0));
        Contains("lies outside the file", With(end + 12, 0x7fffffff));
        Contains("the end of the zip is damaged", With(end + 16, -1));
        Contains("is cut off", With(first + 28, 0x0000ffff));

        byte[] With(params int[] changes)
        {
            var changed = whole.ToArray();
            for (var i = 0; i < changes.Length; i += 2)
                BinaryPrimitives.WriteInt32LittleEndian(changed.AsSpan(changes[i]), changes[i + 1]);
            return changed;
        }
    }

    [Fact]
    public void Any_byte_changed_is_converted_or_refused_and_nothing_else()
    {
        var whole = FakeCheckpoint.Of("views.bin");
        var random = new Random(1);
        for (var i = 0; i < 2000; i++)
        {
            var changed = whole.ToArray();
            for (var j = 0; j <= i % 3; j++)
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            _fixture.Folder.Write("file.bin", changed);
            var error = Record.Exception(() => Segmentation.Checkpoints.PyTorchWeights.Convert([_fixture.Folder["file.bin"]], _fixture.Folder["model.safetensors"], null, TestContext.Current.CancellationToken));
            Assert.True(error is null or ModelFormatException, error?.ToString());
        }
    }

    private static byte[] Checkpoint(byte[] pickle, params (string, byte[])[] entries) => FakeCheckpoint.Zip([("data.pkl", pickle), .. entries]);

    private void Refuses(string expected, byte[] pickle, params (string, byte[])[] entries) => Contains(expected, Checkpoint(pickle, entries));

    private void Contains(string expected, byte[] file) => Assert.Contains(expected, _fixture.Refuse(file), StringComparison.Ordinal);
}
