namespace Sclip.Storage.Tests;

/// <summary>Hostile names: each is its own blob's or refused, in every kind of store; none leads to another blob.</summary>
public abstract class BlobNameTests(IBlobAccount account) : StoreTests(account)
{
    private static readonly string[] Taken =
    [
        "a b.jpg", " a", "a ", "a%20b", "%2e%2e/%2e%2e/target", "%2E%2E%2Ftarget", "%74arget", "%", "%%", "%zz", "%00", "target#x", "#", "target?comp=metadata", "?", "target;x", "a+b", "a&b",
        "<a>'\"", "*", "a:b", "http:", "@", "..target", "...target", "a/..target", "Target", "TARGET", "é", "e\u0301", "日本語/画像 1.jpg", "😀.png", "\u200Etarget", "target\u202E", "\uFEFFtarget",
        "\u00A0", "ﬁ", "~", "$root", "[a]{b}|^`", "a=b,c",
    ];

    private static readonly string[] Refused =
    [
        "", ".", "..", "/", "//", "/target", "target/", "./target", "../target", "x/../target", "x/./target", "x//target", "target/.", "target/..", "../../etc/passwd", "/etc/passwd",
        "\ud800", "target\udc00", "\udc00\ud800", "target\0",
    ];

    /// <summary>What one kind of store may take and another refuse.</summary>
    private static readonly string[] Either =
    [
        "target\n", "target\r\nx-ms-version: 1", "target\t", "\u0085", "\u0001", "\u007F", "a\\b", "..\\target", "target.", "...", "x./target", "\uFFFF", "\uFFFE", new string('x', 1_024), new string('x', 1_025), new string('日', 400),
        string.Join('/', Enumerable.Repeat("x", 255)),
    ];

    [Fact]
    public async Task A_hostile_name_is_its_own_or_refused()
    {
        await Write("target", "untouched");
        var expected = new Dictionary<string, string> { ["target"] = "untouched" };
        foreach (var name in Taken)
        {
            Assert.NotNull(await Write(name, $"content of {name}", WriteCondition.Missing));
            expected.Add(name, $"content of {name}");
        }
        foreach (var name in Refused)
        {
            Assert.Equal((name, BlobStoreFault.InvalidName), (name, await FaultOf(() => Write(name, "refused"))));
            Assert.Equal((name, BlobStoreFault.InvalidName), (name, await FaultOf(() => Store.ReadAsync(name, 100, Token))));
            Assert.Equal((name, BlobStoreFault.InvalidName), (name, await FaultOf(() => Store.ExistsAsync(name, Token))));
            Assert.Equal((name, BlobStoreFault.InvalidName), (name, await FaultOf(() => Store.DeleteAsync(name, Token))));
        }
        foreach (var name in Either)
        {
            try
            {
                Assert.NotNull(await Write(name, $"content of {name}", WriteCondition.Missing));
                expected.Add(name, $"content of {name}");
            }
            catch (BlobStoreException error)
            {
                Assert.Equal((name, BlobStoreFault.InvalidName), (name, error.Fault));
                Assert.DoesNotContain('\n', error.Message);
            }
        }
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), await List());
        foreach (var (name, content) in expected)
        {
            Assert.Equal(content, await Read(name));
            Assert.True(await Store.ExistsAsync(name, Token));
            Assert.Equal(expected.Keys.Where(other => other.StartsWith(name, StringComparison.Ordinal)).Order(StringComparer.Ordinal), await List(name));
        }
        foreach (var name in expected.Keys.Where(name => name != "target"))
            await Store.DeleteAsync(name, Token);
        Assert.Equal(["target"], await List());
        Assert.Equal("untouched", await Read("target"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a")]
    [InlineData("UPPER")]
    [InlineData("a/b")]
    [InlineData("a--b")]
    [InlineData("$root")]
    public void A_container_has_a_plain_name(string name) => Assert.Equal(BlobStoreFault.InvalidName, Assert.Throws<BlobStoreException>(() => Account.Container(name)).Fault);
}

public sealed class FileBlobNameTests(StoreFolder folder) : BlobNameTests(folder.Account), IClassFixture<StoreFolder>;

public sealed class AzureBlobNameTests(AzuriteFixture azurite) : BlobNameTests(new AzureBlobAccount(azurite.Server.ConnectionString));
