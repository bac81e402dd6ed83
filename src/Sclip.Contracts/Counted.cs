using System.Globalization;

namespace Sclip.Contracts;

/// <summary>Numbers of things in messages.</summary>
public static class Counted
{
    /// <summary>Such as <c>1 picture</c>, <c>2 pictures</c>.</summary>
    public static string Of(long count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count} {Noun(count, noun)}");

    /// <summary>The noun alone: such as <c>picture</c> of 1, <c>pictures</c> of 2.</summary>
    public static string Noun(long count, string noun) => count == 1 ? noun : noun + "s";
}
