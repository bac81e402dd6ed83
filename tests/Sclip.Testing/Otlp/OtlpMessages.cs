namespace Sclip.Testing.Otlp;

/// <summary>Reads the requests of the OpenTelemetry protocol; the numbers are those of its .proto files.</summary>
internal static class OtlpMessages
{
    public static IEnumerable<OtlpSpan> Spans(ReadOnlyMemory<byte> request) =>
        Items(request).Select(found => new OtlpSpan
        {
            TraceId = found.Item[1].Hex,
            SpanId = found.Item[2].Hex,
            ParentId = found.Item[4].Hex,
            Name = found.Item[5].Text,
            Source = found.Scope[1].Text,
            Attributes = Attributes(found.Item, 9),
            Resource = Attributes(found.Resource, 1),
            Links = [.. found.Item.All(13).Select(link => (link[1].Hex, link[2].Hex))],
            Status = (int)found.Item[15][3].Value,
        });

    public static IEnumerable<string> MetricNames(ReadOnlyMemory<byte> request) => Items(request).Select(found => found.Item[1].Text);

    public static IEnumerable<string> LogLines(ReadOnlyMemory<byte> request) => Items(request).Select(found => found.Item[5][1].Text);

    // All three are alike: a request of resources, of scopes, of items.
    private static IEnumerable<(ProtobufField Resource, ProtobufField Scope, ProtobufField Item)> Items(ReadOnlyMemory<byte> request) =>
        from resource in new ProtobufField(0, 0, request).All(1)
        from scope in resource.All(2)
        from item in scope.All(2)
        select (resource[1], scope[1], item);

    private static Dictionary<string, object?> Attributes(ProtobufField owner, int number) =>
        owner.All(number).ToDictionary(pair => pair[1].Text, pair => Value(pair[2]));

    private static object? Value(ProtobufField any) => any.Fields.FirstOrDefault() switch
    {
        { Number: 1 } text => text.Text,
        { Number: 2 } truth => truth.Value != 0,
        { Number: 3 } whole => (long)whole.Value,
        { Number: 4 } real => BitConverter.UInt64BitsToDouble(real.Value),
        { Number: 5 } many => many.All(1).Select(Value).ToArray(),
        _ => null,
    };
}
