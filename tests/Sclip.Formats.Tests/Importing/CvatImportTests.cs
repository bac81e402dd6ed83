using Sclip.Formats.Importing;
using Sclip.Labels;
using Sclip.Testing;

namespace Sclip.Formats.Tests.Importing;

/// <summary>CVAT's files as CVAT writes them, and damaged ones.</summary>
public sealed class CvatImportTests : IDisposable
{
    private const string Meta = "<meta><job><id>7</id><labels><label><name>road</name><color>#ff00aa</color><type>any</type><attributes></attributes></label><label><name>sky &amp; sea</name><color>#0000ff</color><type>mask</type></label></labels></job></meta>";
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Shapes_lie_over_each_other_by_their_order_and_other_shapes_are_told()
    {
        using var set = Open($"""
            <?xml version="1.0" encoding="utf-8"?>
            <!-- <image name="commented.jpg"> -->
            <annotations>
              <version>1.1</version>
              <meta>
                <task>
                  <id>12</id><name>a &lt;task&gt;</name><size>2</size>
                  <labels>
                    <label>
                      <name>road</name>
                      <color>#ff00aa</color>
                      <type>any</type>
                      <attributes>
                        <attribute><name>wet</name><mutable>False</mutable><input_type>checkbox</input_type></attribute>
                      </attributes>
                    </label>
                    <label><name>sky &amp; sea</name><color>#0000ff</color><type>mask</type><attributes></attributes></label>
                    <label><name>person</name><color>#101010</color><type>skeleton</type><attributes></attributes></label>
                    <label><name>nose</name><color>#202020</color><type>points</type><attributes></attributes><parent>person</parent></label>
                  </labels>
                </task>
              </meta>
              <image id="0" name="sub/one.jpg" subset="default" task_id="12" width="4" height="3">
                <polygon label="sky &amp; sea" source="manual" occluded="0" points="0.00,0.00;2.00,0.00;2.00,3.00;0.00,3.00" z_order="2">
                  <attribute name="wet">true</attribute>
                </polygon>
                <mask label="road" source="semi-auto" occluded="0" rle="0, 3, 1, 2" left="1" top="1" width="3" height="2" z_order="0">
                </mask>
                <box label="road" source="manual" occluded="0" xtl="0.0" ytl="0.0" xbr="4.0" ybr="3.0" z_order="9"></box>
                <skeleton label="person" z_order="0"><points label="nose" points="1.0,1.0"/></skeleton>
              </image>
              <image id="1" name="leer.jpg" width="2" height="1"/>
            </annotations>
            """);
        Assert.Equal(["road", "sky & sea", "person"], set.Classes.Select(label => label.Name));
        Assert.Equal("#ff00aa", set.Classes[0].Color.ToString());
        Assert.Equal(["sub/one.jpg", "leer.jpg"], set.Pictures());
        Assert.Equal("4 x 3\n11..\n1100\n11" + "00", Text(set.Read("sub/one.jpg")));
        Assert.Equal("2 x 1\n..", Text(set.Read("leer.jpg")));
        Assert.Equal(["Not read, since they are no masks: 1 <box>, 1 <skeleton>."], set.Notices);
    }

    [Fact]
    public void Later_shapes_of_the_same_order_lie_over_earlier_ones()
    {
        using var set = Open($"""
            <annotations>{Meta}<image id="0" name="a.jpg" width="2" height="1"><mask label="road" rle="0, 2" left="0" top="0" width="2" height="1"/><mask label="sky &amp; sea" rle="0, 1" left="1" top="0" width="1" height="1"/></image></annotations>
            """);
        Assert.Equal("2 x 1\n01", Text(set.Read("a.jpg")));
    }

    [Theory]
    [InlineData("""<image name="../a.jpg" width="2" height="1"/>""", "line 2: the picture '../a.jpg': the name has an empty part")]
    [InlineData("""<image name="/etc/a.jpg" width="2" height="1"/>""", "line 2: the picture '/etc/a.jpg'")]
    [InlineData("""<image width="2" height="1"/>""", "line 2: an <image> has no name")]
    [InlineData("""<image name="a" width="2" height="1"/><image name="a" width="2" height="1"/>""", "'a' is there twice, first in line 2")]
    [InlineData("""<track id="0" label="road"><box frame="0"/></track>""", "CVAT for video")]
    [InlineData("""<image name="a" width="2" height="1">""", "not valid XML: </annotations> ends what is not open")]
    [InlineData("""<image name="a" width="2" hei<ght="1">""", "not valid XML")]
    public void What_cannot_be_opened_is_told_with_its_line(string image, string mention) =>
        Assert.Contains(mention, Opened.Refusal(Write($"<annotations>{Meta}\n{image}</annotations>")), StringComparison.Ordinal);

    [Theory]
    [InlineData("""<polygon label="road" points="0,0;1,0"/>""", "line 3: a polygon has 2 points")]
    [InlineData("""<polygon label="road" points="0,0;1,x;1,1"/>""", "line 3: point 2 of a polygon is '1,x'")]
    [InlineData("""<polygon label="road" points="0,0;1,NaN;1,1"/>""", "point 2")]
    [InlineData("""<polygon label="rain" points="0,0;1,0;1,1"/>""", "line 3: the label 'rain' is not among those of <meta>")]
    [InlineData("""<polygon points="0,0;1,0;1,1"/>""", "a <polygon> has no label")]
    [InlineData("""<mask label="road" rle="0, 5" left="0" top="0" width="2" height="2"/>""", "run lengths have more than the 4 pixels")]
    [InlineData("""<mask label="road" rle="0, 3" left="0" top="0" width="2" height="2"/>""", "run lengths have 3 pixels, where its bounds have 4")]
    [InlineData("""<mask label="road" rle="0, -4, 8" left="0" top="0" width="2" height="2"/>""", "whole numbers between commas")]
    [InlineData("""<mask label="road" rle="4" left="1" top="0" width="2" height="2"/>""", "bounds (1, 0, 2 x 2) lie outside the picture of 2 x 2")]
    [InlineData("""<mask label="road" rle="4" left="-1" top="0" width="2" height="2"/>""", "lie outside")]
    [InlineData("""<mask label="road" rle="4" top="0" width="2" height="2"/>""", "<mask> has no left")]
    [InlineData("""<polygon label="road" label="road"/>""", "not valid XML")]
    public void What_is_wrong_with_a_shape_is_told_with_its_line(string shape, string mention)
    {
        using var set = Open($"<annotations>{Meta}\n<image name='a.jpg' width='2' height='2'>\n{shape}</image></annotations>");
        Assert.Contains(mention, Assert.Throws<ImportException>(() => set.Read("a.jpg")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_that_is_too_large_takes_no_memory()
    {
        using var set = Open($"<annotations>{Meta}<image name='a.jpg' width='2000000000' height='2000000000'/></annotations>");
        Assert.Contains("2000000000 x 2000000000", Assert.Throws<ImportException>(() => set.Read("a.jpg")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_document_type_is_refused() => Assert.Contains("document type", Opened.Refusal(Write($"<!DOCTYPE annotations [<!ENTITY a \"b\">]><annotations>{Meta}</annotations>")), StringComparison.Ordinal);

    [Fact]
    public void Without_labels_those_given_are_taken()
    {
        var path = Write("<annotations><image name='a.jpg' width='1' height='1'><mask label='x' rle='0, 1' left='0' top='0' width='1' height='1'/></image></annotations>");
        Assert.Contains("--labels", Opened.Refusal(path), StringComparison.Ordinal);
        using var set = Opened.Open(path, options => options with { Labels = [new() { Name = "w" }, new() { Name = "x" }] });
        Assert.Equal("1 x 1\n1", Text(set.Read("a.jpg")));
    }

    [Fact]
    public void A_file_longer_than_what_is_read_at_once_is_found_through()
    {
        var images = Enumerable.Range(0, 3000).Select(i => $"<image id=\"{i}\" name=\"{i}.jpg\" width=\"1\" height=\"1\">\n<mask label=\"{(i % 2 == 0 ? "road" : "sky &amp; sea")}\" rle=\"0, 1\" left=\"0\" top=\"0\" width=\"1\" height=\"1\"/></image>\n");
        using var set = Open($"<annotations>{Meta}{string.Concat(images)}</annotations>");
        Assert.Equal(3000, set.Pictures().Length);
        Assert.All(Enumerable.Range(0, 3000), i => Assert.Equal(i % 2, set.Read($"{i}.jpg").Labels[0]));
    }

    public void Dispose() => _folder.Dispose();

    private static string Text(LabelMap map) => new Mask(map.Width, map.Height, [.. map.Labels.Select(label => label == LabelMap.Nothing ? Mask.None : label)]).Text;

    private IAnnotationSet Open(string xml) => Opened.Open(Write(xml));

    private string Write(string xml) => _folder.Write("annotations.xml", xml);
}
