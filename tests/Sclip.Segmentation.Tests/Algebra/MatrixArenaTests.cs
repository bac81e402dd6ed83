using Sclip.Segmentation.Algebra;

namespace Sclip.Segmentation.Tests.Algebra;

/// <summary>What the arena of matrices keeps, and what it lets go of.</summary>
public sealed unsafe class MatrixArenaTests
{
    [Fact]
    public void What_a_scope_took_serves_the_next()
    {
        using var arena = new MatrixArena();
        using var outer = arena.Scope();
        var first = TakeOnce(5000);
        Assert.Equal(first, TakeOnce(5000));
        Assert.Equal(5000, arena.Length);

        nint TakeOnce(long length)
        {
            using var scope = arena.Scope();
            return (nint)arena.Take(length);
        }
    }

    [Fact]
    public void Rising_sizes_within_a_scope_do_not_add_up()
    {
        using var arena = new MatrixArena();
        using var outer = arena.Scope();
        for (var length = 10_000; length <= 100_000; length += 10_000)
        {
            using (arena.Scope())
                arena.Take(length);
            Assert.Equal(length, arena.Length);
        }
    }

    [Fact]
    public void What_an_outermost_scope_did_not_use_is_freed_behind_it()
    {
        using var arena = new MatrixArena();
        using (arena.Scope())
        {
            arena.Take(100_000);
            arena.Take(10);
        }
        Assert.Equal(100_010, arena.Length);
        using (arena.Scope())
        {
            arena.Take(10);
            Assert.Equal(100_010, arena.Length);
        }
        Assert.Equal(10, arena.Length);
    }

    [Fact]
    public void What_is_in_use_is_kept_whatever_is_taken_beside_it()
    {
        using var arena = new MatrixArena();
        using var outer = arena.Scope();
        var kept = arena.Take(1000);
        kept[999] = 7;
        for (var length = 2000; length <= 8000; length += 2000)
        {
            using var scope = arena.Scope();
            Assert.NotEqual((nint)kept, (nint)arena.Take(length));
        }
        Assert.Equal(7, kept[999]);
        Assert.Equal(1000 + 8000, arena.Length);
    }
}
