namespace Sclip.Hosting.Configuration;

/// <summary>Kinds of values of settings and options, for one who knows no types.</summary>
public static class ValueKind
{
    /// <summary>What a value must be, as it ends a sentence; null where the type says nothing to a person.</summary>
    /// <param name="type">The type's name, with its namespace; that of an optional value, too.</param>
    public static string? Of(string type) => type switch
    {
        _ when type.Contains("System.Int", StringComparison.Ordinal) => "a whole number without commas or points",
        _ when type.Contains("System.Double", StringComparison.Ordinal) || type.Contains("System.Decimal", StringComparison.Ordinal) => "a number such as 0.5, with a point and no comma",
        _ when type.Contains("System.Boolean", StringComparison.Ordinal) => "true or false",
        _ when type.Contains("System.TimeSpan", StringComparison.Ordinal) => "a time such as 00:05:00",
        _ => null,
    };
}
