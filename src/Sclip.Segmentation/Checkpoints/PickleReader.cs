using System.Buffers.Binary;
using System.Text;

namespace Sclip.Segmentation.Checkpoints;

/// <summary>
/// Reads the pickle of a checkpoint: the instructions that dictionaries, tuples, numbers, texts and tensors are written with, and nothing
/// else. Nothing is looked up, called or made by a name; an instruction or name that is not among these ends the reading. Each
/// instruction makes at most one value, so that the pickle's length bounds the memory.
/// </summary>
/// <param name="pickle">The pickle.</param>
/// <param name="path">The file, for messages.</param>
/// <param name="script">Whether it is a TorchScript archive's, of modules and their attributes.</param>
internal sealed partial class PickleReader(byte[] pickle, string path, bool script = false)
{
    private const int MostOpenValues = 10_000, MostOpenMarks = 64, NewestProtocol = 5;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly object?[] EmptyTuple = [];

    private readonly List<object?> _stack = [];
    private readonly Stack<int> _marks = [];
    private readonly Dictionary<uint, object?> _memo = [];
    private int _position;

    /// <summary>The value that the pickle stands for.</summary>
    /// <exception cref="ModelFormatException">It holds something else than weights, or is damaged.</exception>
    public object? Read()
    {
        while (true)
        {
            var code = Take(1)[0];
            if (code == '.')
                return _stack.Count == 1 && _marks.Count == 0 && _position == pickle.Length ? _stack[0] : throw Damaged("it ends amid values, or goes on after its end");
            Step(code);
            if (_stack.Count > MostOpenValues || _marks.Count > MostOpenMarks)
                throw Refused("nests values deeper than a checkpoint does");
        }
    }

    private void Step(byte code)
    {
        switch (code)
        {
            case 0x80: Protocol(); break;
            case 0x95: Frame(); break;
            case (byte)'(': _marks.Push(_stack.Count); break;
            case (byte)'N': _stack.Add(null); break;
            case 0x88: _stack.Add(true); break;
            case 0x89: _stack.Add(false); break;
            case (byte)'J': _stack.Add((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;
            case (byte)'K': _stack.Add((long)Take(1)[0]); break;
            case (byte)'M': _stack.Add((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
            case 0x8a: _stack.Add(Long(Take(1)[0])); break;
            case (byte)'G': _stack.Add(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break;
            case 0x8c: _stack.Add(Text(Take(Take(1)[0]))); break;
            case (byte)'X': _stack.Add(Text(Take(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))))); break;
            case 0x8d: _stack.Add(Text(Take(BinaryPrimitives.ReadUInt64LittleEndian(Take(8))))); break;
            case (byte)'}': _stack.Add(new PickleDictionary()); break;
            case (byte)'s': SetItems(2); break;
            case (byte)'u': SetItems(SinceMark()); break;
            case (byte)')': _stack.Add(EmptyTuple); break;
            case (byte)'t': _stack.Add(PopTuple(SinceMark())); break;
            case 0x85 or 0x86 or 0x87: _stack.Add(PopTuple(code - 0x84)); break;
            case (byte)'q': _memo[Take(1)[0]] = Top(); break;
            case (byte)'r': _memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4))] = Top(); break;
            case 0x94: _memo[(uint)_memo.Count] = Top(); break;
            case (byte)'h': _stack.Add(Remembered(Take(1)[0])); break;
            case (byte)'j': _stack.Add(Remembered(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)))); break;
            case (byte)'c': _stack.Add(Name(Line(), Line())); break;
            case 0x93: _stack.Add((Pop(), Pop()) is (string name, string module) ? Name(module, name) : throw Refused("names something by values that are no texts")); break;
            case (byte)'Q': _stack.Add(Storage(Pop())); break;
            case (byte)'R': Reduce(); break;
            case (byte)'b': Build(); break;
            case 0x81 when script: NewModule(); break;
            case (byte)']' when script: _stack.Add(new PickleList()); break;
            case (byte)'a' when script: Append(1); break;
            case (byte)'e' when script: Append(SinceMark()); break;
            default: throw Refused($"holds the instruction {PickleInstructions.Describe(code)}");
        }
    }

    /// <summary>Calls nothing: the few functions that there may be are known, and what they would make is made of their arguments here.</summary>
    private void Reduce()
    {
        var (arguments, function) = (Pop() as object?[], Pop() as PickleName);
        if (function == PickleNames.Dictionary && arguments is [])
            _stack.Add(new PickleDictionary());
        else if (function == PickleNames.Parameter && arguments is [PickleTensor tensor, bool, _])
            _stack.Add(tensor);
        else if (function == PickleNames.Tensor && arguments is [PickleStorage storage, long offset, object?[] shape, object?[] strides, bool, _, ..] and { Length: 6 or 7 })
            _stack.Add(Tensor(storage, offset, shape, strides));
        else if (script && function is not null && PickleNames.MakesList(function) && arguments is [PickleList list, ..] and { Length: 1 or 2 })
            _stack.Add(list);
        else
            throw Refused($"calls {function?.ToString() ?? "something"} with other arguments than PyTorch does");
    }

    private PickleTensor Tensor(PickleStorage storage, long offset, object?[] shape, object?[] strides)
    {
        const int MostAxes = 8;
        if (shape.Length > MostAxes || shape.Length != strides.Length || !shape.All(axis => axis is long and >= 0 and <= int.MaxValue) || !strides.All(stride => stride is long and >= 0) || offset < 0)
            throw Refused("holds a tensor whose shape, strides or offset make no sense");
        return new(storage, offset, [.. shape.Select(axis => (int)(long)axis!)], [.. strides.Select(stride => (long)stride!)]);
    }

    private PickleStorage Storage(object? id) =>
        id is object?[] and ["storage", var type, string key, string, long and >= 0 and var count] && PickleNames.StorageOf(type) is var (name, bytes)
            ? new(name, bytes, key, count)
            : throw Refused("refers to something outside it that is no storage of values");

    /// <summary>What a dictionary is given besides its items is the versions of modules, which no weight needs.</summary>
    private void Build()
    {
        var state = Pop();
        if (SetsAttributes(state))
            return;
        if (state is not PickleDictionary || Top() is not PickleDictionary)
            throw Refused("sets the state of something that is no dictionary");
    }

    private void SetItems(int count)
    {
        if (count % 2 != 0)
            throw Damaged("a dictionary in it has a key without a value");
        var items = PopTuple(count);
        if (Top() is not PickleDictionary dictionary)
            throw Refused("sets items of something that is no dictionary");
        for (var i = 0; i < items.Length; i += 2)
            dictionary.Items.Add((items[i], items[i + 1]));
    }

    private PickleName Name(string module, string name) => new PickleName(module, name) is var found && PickleNames.Allows(found, script)
        ? found
        : throw Refused($"names {found.ToString().Shown()}");

    private void Protocol()
    {
        if (Take(1)[0] is > NewestProtocol and var protocol)
            throw Refused($"is of protocol {protocol}, and {NewestProtocol} is the newest known");
    }

    private void Frame()
    {
        if (BinaryPrimitives.ReadUInt64LittleEndian(Take(8)) > (ulong)(pickle.Length - _position))
            throw Damaged("it is cut off");
    }

    private long Long(int length)
    {
        if (length > sizeof(long))
            throw Refused("holds a number of more than 64 bits");
        var bytes = Take((ulong)length);
        var value = length > 0 && (bytes[^1] & 0x80) != 0 ? -1L : 0L;
        for (var i = length - 1; i >= 0; i--)
            value = (value << 8) | bytes[i];
        return value;
    }

    private string Line()
    {
        var length = pickle.AsSpan(_position).IndexOf((byte)'\n');
        var line = Text(Take(length >= 0 ? (ulong)length : throw Damaged("it is cut off")));
        _position++;
        return line;
    }

    private string Text(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw Damaged("a text in it is no valid Unicode");
        }
    }

    /// <summary>The next bytes; their number is held to what there is before anything is made of it.</summary>
    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)(pickle.Length - _position))
            throw Damaged("it is cut off");
        _position += (int)count;
        return pickle.AsSpan(_position - (int)count, (int)count);
    }

    private object?[] PopTuple(int count)
    {
        RequireAbove(count);
        var items = _stack.GetRange(_stack.Count - count, count).ToArray();
        _stack.RemoveRange(_stack.Count - count, count);
        return items;
    }

    private object? Pop() => PopTuple(1)[0];

    private object? Top()
    {
        RequireAbove(1);
        return _stack[^1];
    }

    /// <summary>Values below an open mark belong to what is outside it.</summary>
    private void RequireAbove(int count)
    {
        if (_stack.Count - (_marks.Count > 0 ? _marks.Peek() : 0) < count)
            throw Damaged("an instruction in it lacks its values");
    }

    private int SinceMark() => _marks.Count > 0 ? _stack.Count - _marks.Pop() : throw Damaged("an instruction in it lacks its values");

    private object? Remembered(uint index) => _memo.TryGetValue(index, out var value) ? value : throw Damaged("it refers to a value that is not there");

    private ModelFormatException Refused(string what) =>
        new($"{path}: its pickle {what}; only dictionaries, tuples, tensors, numbers and texts are read, and nothing is executed. Save the weights alone: torch.save(model.state_dict(), FILE).");

    private ModelFormatException Damaged(string what) => new($"{path}: its pickle is damaged, {what}; download it again.");
}
