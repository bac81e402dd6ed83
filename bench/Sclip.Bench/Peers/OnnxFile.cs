using System.Runtime.InteropServices;
using Google.Protobuf;

namespace Sclip.Bench.Peers;

/// <summary>
/// Writes a model in ONNX's format, protobuf by the field numbers of onnx.proto. A field of one message that comes again is merged with what
/// came before, so that each tensor and node is written as a graph of its own, and none is held.
/// </summary>
internal sealed class OnnxFile : IDisposable
{
    private const int Float = 1, Int64 = 7;
    private readonly CodedOutputStream _output;
    private int _nodes;

    public OnnxFile(string path)
    {
        _output = new CodedOutputStream(File.Create(path));
        const int IrVersion = 1, Graph = 7, OperatorSets = 8;
        Write(_output, IrVersion, 9);
        // Domain "" is ONNX's own.
        Write(_output, OperatorSets, Message(set => Write(set, 2, 20)));
        Write(_output, Graph, Message(graph => Write(graph, 2, "graph")));
    }

    /// <summary>A tensor of floats, whose first dimension may be a name.</summary>
    public void Input(string name, params object[] shape) => Graph(11, ValueInfo(name, shape));

    /// <summary>A result, likewise.</summary>
    public void Output(string name, params object[] shape) => Graph(12, ValueInfo(name, shape));

    /// <summary>A constant; gives its name back.</summary>
    public string Tensor(string name, ReadOnlySpan<float> values, params ReadOnlySpan<long> shape) => Initializer(name, Float, MemoryMarshal.AsBytes(values), shape);

    /// <summary>A constant shape; gives its name back.</summary>
    public string Shape(string name, params ReadOnlySpan<long> values) => Initializer(name, Int64, MemoryMarshal.AsBytes(values), [values.Length]);

    /// <summary>A node with one result, whose name it gives back; attributes are a float, a whole number, or several.</summary>
    public string Node(string type, string[] inputs, params (string Name, object Value)[] attributes)
    {
        var result = $"{type}_{_nodes++}";
        Node(type, result, inputs, attributes);
        return result;
    }

    /// <summary>A node whose result has a given name.</summary>
    public void Node(string type, string result, string[] inputs, params (string Name, object Value)[] attributes) => Graph(1, Message(node =>
    {
        foreach (var input in inputs)
            Write(node, 1, input);
        Write(node, 2, result);
        Write(node, 3, result);
        Write(node, 4, type);
        foreach (var (name, value) in attributes)
            Write(node, 5, Attribute(name, value));
    }));

    public void Dispose() => _output.Dispose();

    private string Initializer(string name, int type, ReadOnlySpan<byte> raw, ReadOnlySpan<long> shape)
    {
        var (dimensions, bytes) = (shape.ToArray(), ByteString.CopyFrom(raw));
        Graph(5, Message(tensor =>
        {
            foreach (var dimension in dimensions)
                Write(tensor, 1, dimension);
            Write(tensor, 2, type);
            Write(tensor, 8, name);
            Write(tensor, 9, bytes);
        }));
        return name;
    }

    private static ByteString Attribute(string name, object value) => Message(attribute =>
    {
        const int Kind = 20;
        Write(attribute, 1, name);
        switch (value)
        {
            case float real:
                attribute.WriteTag(2, WireFormat.WireType.Fixed32);
                attribute.WriteFloat(real);
                Write(attribute, Kind, 1);
                break;
            case int whole:
                Write(attribute, 3, whole);
                Write(attribute, Kind, 2);
                break;
            default:
                foreach (var one in (int[])value)
                    Write(attribute, 8, one);
                Write(attribute, Kind, 7);
                break;
        }
    });

    private static ByteString ValueInfo(string name, object[] shape)
    {
        var dimensions = Message(all =>
        {
            foreach (var dimension in shape)
                Write(all, 1, Message(one =>
                {
                    if (dimension is int length)
                        Write(one, 1, length);
                    else
                        Write(one, 2, (string)dimension);
                }));
        });
        var tensor = Message(type =>
        {
            Write(type, 1, Float);
            Write(type, 2, dimensions);
        });
        return Message(info =>
        {
            Write(info, 1, name);
            Write(info, 2, Message(type => Write(type, 1, tensor)));
        });
    }

    private void Graph(int field, ByteString part) => Write(_output, 7, Message(graph => Write(graph, field, part)));

    private static ByteString Message(Action<CodedOutputStream> write)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
            write(output);
        return UnsafeByteOperations.UnsafeWrap(bytes.GetBuffer().AsMemory(0, (int)bytes.Length));
    }

    private static void Write(CodedOutputStream output, int field, long value)
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt64(value);
    }

    private static void Write(CodedOutputStream output, int field, string value)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteString(value);
    }

    private static void Write(CodedOutputStream output, int field, ByteString value)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(value);
    }
}
