namespace Sclip.Storage;

/// <summary>
/// The order of a listing as its names show it: ordinal, or, as accounts with a hierarchical namespace list, with '/' before every other
/// character ("a/b", "a-b", "a.jpg"). Names tell it as soon as two that follow each other contradict one of them; until then both hold. The
/// account would tell it too, but not to a key for one container.
/// </summary>
internal sealed class NameOrder
{
    private bool _ordinal = true, _slashFirst = true;

    /// <summary>Takes note of two names that follow each other.</summary>
    /// <returns>Whether the listing is in one of the orders still.</returns>
    public bool Follows(string previous, string next)
    {
        _ordinal &= string.CompareOrdinal(previous, next) < 0;
        _slashFirst &= CompareSlashFirst(previous, next) < 0;
        return _ordinal || _slashFirst;
    }

    /// <summary>Whether a name is behind another; null where that depends on which order it is, and this is not known.</summary>
    public bool? IsBehind(string name, string other)
    {
        var (ordinal, slashFirst) = (string.CompareOrdinal(name, other) > 0, CompareSlashFirst(name, other) > 0);
        return ordinal == slashFirst || !_slashFirst ? ordinal : _ordinal ? null : slashFirst;
    }

    private static int CompareSlashFirst(string a, string b)
    {
        var same = a.AsSpan().CommonPrefixLength(b);
        return same == a.Length || same == b.Length ? a.Length - b.Length : Rank(a[same]) - Rank(b[same]);

        static int Rank(char letter) => letter == '/' ? -1 : letter;
    }
}
