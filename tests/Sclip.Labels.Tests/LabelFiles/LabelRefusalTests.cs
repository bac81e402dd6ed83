namespace Sclip.Labels.Tests.LabelFiles;

/// <summary>What is no list of names is never read as one.</summary>
public sealed class LabelRefusalTests
{
    [Theory]
    [InlineData("sky\ngrass,tree", "line 2: 'grass,tree' may be one name or several")]
    [InlineData("sky\n{\"name\": 1}", "line 2: '{\"name\": 1}' is no class name")]
    [InlineData("sky\nimport os; print(1)", "line 2: a semicolon is in")]
    [InlineData("'sky',\n'grass',", "line 1: ''sky',' is no class name")]
    [InlineData("* sky\n* grass", "line 1: '* sky' is no class name")]
    [InlineData("\n1 sky\n2 grass", "all lines are numbered, 1 to 2")]
    [InlineData("cat\t1\ndog\t2", "line 1: a tab is in")]
    [InlineData("foo;bar\n1;2", "line 1: a semicolon is in")]
    [InlineData("cat\n-", "line 2: '-' is no class name")]
    [InlineData("root = true", "line 1: 'root = true' is no class name")]
    [InlineData("train: a\nval: b\n", "line 1: reads as YAML, and has no 'names' (keys: train, val)")]
    [InlineData("names:\n  - a\n  - [b]\n", "line 3: must be a text")]
    [InlineData("names:\n  a: b\n", "line 2: 'a' must be an id")]
    [InlineData("names: [a, ~]\n", "line 1: a name is empty")]
    [InlineData("nc: 3\nnames: [a, b]\n", "line 1: nc is 3, and there are 2 names")]
    [InlineData("names: [a, b\n", "not valid YAML")]
    [InlineData("names: [a]\n---\nnames: [b]\n", "a second document begins")]
    [InlineData("name,color\ncat\n", "line 2")]
    [InlineData("name,color\ncat,\"#ff0000\ndog,#00ff00\n", "line 2")]
    [InlineData("name,color\n\ncat,reddish\n", "line 3: 'reddish' must be a colour")]
    [InlineData("name,background\ncat,perhaps\n", "line 2: background 'perhaps' must be true or false")]
    [InlineData("id,name\nx,cat\n", "line 2: the id 'x' must be a whole number")]
    [InlineData("id,name\n1,cat\n1,dog\n", "line 2 and line 3 have the same id 1")]
    [InlineData("# label:color_rgb:parts:actions\nsky\n", "line 2: must read name:red,green,blue:parts:actions")]
    [InlineData("sky:1,2,300::\n", "line 1: the colour 1,2,300")]
    [InlineData("<annotation><object><name>cat</name></object></annotation>", "XML of <annotation>")]
    [InlineData("<View><Choices><Choice value=\"a\"/></Choices></View>", "no Label Studio configuration")]
    [InlineData("<View>\n<Labels><Label/></Labels></View>", "line 2: a Label has no value")]
    [InlineData("<View><Labels value=\"$x\"><Label value=\"$y\"/></Labels></View>", "stands for labels of each task")]
    [InlineData("<View>\n<Labels>", "not valid XML")]
    [InlineData("{\"epochs\": 3, \"batch\": 16}", "an object without a list of names (keys: epochs, batch)")]
    [InlineData("{\"images\": []}", "an object without a list of names (keys: images)")]
    [InlineData("{\"categories\": {\"a\": 1}}", "'categories' must be an array")]
    [InlineData("{\"id2label\": {\"a\": \"b\"}}", "'a' must be an id")]
    [InlineData("[1, 2]", "element 1: must be an object with a 'name'")]
    [InlineData("[{\"id\": 1, \"name\": \"a\"}, {\"id\": 1, \"name\": \"b\"}]", "element 1 and element 2 have the same id 1")]
    [InlineData("[{\"id\": 1}]", "element 1: 'name' is missing")]
    [InlineData("[{\"name\": \"a\",\n \"x", "line 2: not valid JSON")]
    public void It_is_refused_with_its_place_and_what_is_wrong(string content, string expected)
    {
        var message = Assert.Throws<LabelSetException>(() => LabelReader.Parse(content, "FILE")).Message;
        Assert.StartsWith("FILE", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("names: ", "[")]
    [InlineData("", "[")]
    [InlineData("", "{\"a\":")]
    [InlineData("", "<a>")]
    [InlineData("- ", "- ")]
    public void What_is_nested_a_hundred_thousand_times_is_refused_in_a_line(string before, string nested)
    {
        var message = Assert.Throws<LabelSetException>(() => LabelReader.Parse(before + string.Concat(Enumerable.Repeat(nested, 100_000)), "FILE")).Message;
        Assert.InRange(message.Length, 1, 400);
        Assert.DoesNotContain('\n', message);
    }

    [Theory]
    [InlineData("[{\"name\": \"cat\"")]
    [InlineData("{cat, dog")]
    [InlineData("cat, dog}")]
    [InlineData("names: [cat, dog]")]
    [InlineData("cat; dog")]
    [InlineData("\"cat\", \"dog\"")]
    [InlineData("labels.yaml")]
    [InlineData("./labels")]
    [InlineData("/data/labels")]
    [InlineData("~/labels")]
    [InlineData("my data/classes.csv")]
    [InlineData("data/sub/classes")]
    public void On_the_command_line_neither_broken_texts_nor_missing_files_are_names(string text) => Assert.Throws<LabelSetException>(() => LabelReader.Load(text));

    [Theory]
    [InlineData("and/or")]
    [InlineData("St. Bernard")]
    [InlineData("C# code")]
    [InlineData("man's best friend")]
    [InlineData("bow (weapon)")]
    [InlineData("50 % grey")]
    [InlineData("naïve café")]
    public void Names_may_hold_what_names_hold(string name) => Assert.Equal([name], LabelReader.Load(name).Set.Names);
}
