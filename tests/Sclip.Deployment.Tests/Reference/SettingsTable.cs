using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Sclip.Hosting.Configuration;
using Sclip.Worker.Engines;

namespace Sclip.Deployment.Tests.Reference;

/// <summary>The settings of a section as a table: key, what a value may be, what it is where it is not set, and what it means.</summary>
internal static partial class SettingsTable
{
    // A long has no greatest value that anybody could exceed.
    private const double NoMost = 9e18;

    /// <summary>The table.</summary>
    /// <param name="section">The section.</param>
    /// <param name="type">The record that it is read into.</param>
    public static string Of(string section, Type type)
    {
        var lines = type.GetProperties().Where(property => property.CanWrite).OrderBy(property => property.DeclaringType == type).ThenBy(property => property.MetadataToken).Select(property =>
            $"| `{Key(property.Name)}` | {Kind(property.PropertyType)}{Range(type, property)} | {Default(type, property)} | {Summary.Of(property, Key)} |\n");
        return $"| key | value | default | meaning |\n|---|---|---|---|\n{string.Concat(lines)}";

        string Key(string name) => $"{SclipOptions.EnvironmentPrefix}{section}__{name}".ToUpperInvariant();
    }

    private static string Kind(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var kind when kind == typeof(bool) => "`true` or `false`",
        var kind when kind == typeof(int) || kind == typeof(long) => "whole number",
        var kind when kind == typeof(double) || kind == typeof(decimal) => "number",
        var kind when kind == typeof(Uri) => "address",
        var kind when kind == typeof(string) => "text",
        var kind => throw new InvalidOperationException($"A setting is a {kind.Name}, which the page has no words for."),
    };

    /// <summary>The range of a number, by what the record says of one that is far outside.</summary>
    private static string Range(Type type, PropertyInfo property)
    {
        var kind = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (kind.GetField("MinValue")?.GetValue(null) is not { } least)
            return "";
        var options = Activator.CreateInstance(type)!;
        property.SetValue(options, least);
        var problem = ((IValidatableOptions)options).Problems().Single(problem => problem.Key == property.Name).Problem;
        return Bounds().Match(problem) switch
        {
            { Success: true, Groups: [_, var from, var to] } when double.Parse(to.Value, CultureInfo.InvariantCulture) < NoMost => $", {from.Value} to {to.Value}",
            { Success: true, Groups: [_, var from, ..] } => $", {from.Value} or more",
            _ when problem.EndsWith("must not be negative.", StringComparison.Ordinal) => ", 0 or more",
            _ => throw new InvalidOperationException($"{property.Name} {problem} That tells no range."),
        };
    }

    private static string Default(Type type, PropertyInfo property) => property.GetValue(Activator.CreateInstance(type)) switch
    {
        null => "not set",
        // Whatever machine the page is made on.
        _ when property.Name == nameof(EngineOptions.Threads) => "number of processors",
        bool value => value ? "`true`" : "`false`",
        var value => $"`{Convert.ToString(value, CultureInfo.InvariantCulture)}`",
    };

    [GeneratedRegex(@"must lie in (\S+?)\.\.(\S+?)(?: seconds)?\.$")]
    private static partial Regex Bounds();
}
