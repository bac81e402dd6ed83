using Sclip.Evaluation.Html;

namespace Sclip.Evaluation.Tests;

public sealed class HtmlPageTests
{
    [Fact]
    public void Texts_of_users_are_shown_and_never_run()
    {
        using var text = new StringWriter();
        using (var page = new HtmlPage(text, "<script>a"))
            page.Table(["\"<b>"], [["<img onerror=x>"]]);
        var html = text.ToString();
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<img onerror", html, StringComparison.Ordinal);
        Assert.Contains("&lt;img onerror=x&gt;", html, StringComparison.Ordinal);
        Assert.EndsWith("</html>\n", html, StringComparison.Ordinal);
    }
}
