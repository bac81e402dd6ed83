using Sclip.Labels;
using Sclip.Workbench.Sessions;

namespace Sclip.Workbench.Judging;

/// <summary>What somebody marked: this should be that class. A click is of one pixel.</summary>
internal sealed record Wish
{
    public required string Id { get; init; }

    public required int Picture { get; init; }

    public required string Class { get; init; }

    public required int X { get; init; }

    public required int Y { get; init; }

    public int Width { get; init; } = 1;

    public int Height { get; init; } = 1;
}

/// <summary>A wish on a picture that is ready.</summary>
/// <param name="Wish">The wish.</param>
/// <param name="Picture">Its picture.</param>
/// <param name="Class">The class that it is for; null where there is none of that name (any more).</param>
/// <param name="Pixels">What is looked at of it: a regular grid.</param>
internal sealed record PlacedWish(Wish Wish, SessionPicture Picture, int? Class, IReadOnlyList<(int X, int Y)> Pixels)
{
    /// <summary>Pixels of a rectangle that are looked at, at most.</summary>
    public const int MostPixels = 64;

    /// <summary>Wishes of a request, at most: the features of all of them are held.</summary>
    public const int MostWishes = 500;

    /// <summary>Finds the wishes' places; those on pictures that are not ready have none.</summary>
    /// <exception cref="WorkbenchException">There are too many, or one lies outside its picture.</exception>
    public static IReadOnlyList<PlacedWish> Place(Session session, LabelSet labels, IReadOnlyList<Wish> wishes)
    {
        if (wishes.Contains(null!))
            throw new WorkbenchException(400, "A wish is null.");
        if (wishes.Count > MostWishes)
            throw new WorkbenchException(400, $"There are {wishes.Count} wishes; the workbench judges {MostWishes}. Take back those that are settled.");
        var classes = labels.Classes.Index().ToDictionary(item => item.Item.Name, item => item.Index, StringComparer.OrdinalIgnoreCase);
        return [.. wishes.Where(wish => session.Picture(wish.Picture).Features is not null)
            .Select(wish => new PlacedWish(wish, session.Picture(wish.Picture), classes.TryGetValue(wish.Class, out var index) ? index : null, Grid(wish, session.Picture(wish.Picture))))];
    }

    private static (int X, int Y)[] Grid(Wish wish, SessionPicture picture)
    {
        var ((width, height), (left, top)) = (picture.Size, (Math.Max(wish.X, 0), Math.Max(wish.Y, 0)));
        var right = (int)Math.Min(width, (long)wish.X + wish.Width);
        var bottom = (int)Math.Min(height, (long)wish.Y + wish.Height);
        if (wish.Width < 1 || wish.Height < 1 || right <= left || bottom <= top)
            throw new WorkbenchException(400, $"The wish {wish.Id} at {wish.X},{wish.Y} of {wish.Width} x {wish.Height} pixels lies outside {picture.Name}, which has {width} x {height} pixels.");
        var columns = Math.Clamp((int)Math.Round(Math.Sqrt((double)MostPixels * (right - left) / (bottom - top))), 1, Math.Min(right - left, MostPixels));
        var rows = Math.Min(bottom - top, MostPixels / columns);
        return [.. from row in Enumerable.Range(0, rows)
                   from column in Enumerable.Range(0, columns)
                   select (left + (int)((column + 0.5) * (right - left) / columns), top + (int)((row + 0.5) * (bottom - top) / rows))];
    }
}
