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
    [InlineData("128 64 128\n0 0 0", "line 1: '128 64 128' has numbers alone")]
    [InlineData("128,64,128", "line 1: '128,64,128' has numbers alone")]
    [InlineData("sky\nroad 128 64 128", "line 2: 'road 128 64 128' reads like a name and its colour, or other numbers")]
    [InlineData("road 128 64 128\nsky 70 130 300", "line 1: 'road 128 64 128' reads like a name and its colour")]
    [InlineData("128 64 128 255 road\n0 0 0 255 sky", "line 1: '128 64 128 255 road' reads like a name and its colour, or other numbers")]
    [InlineData("road 128 64 128 255\nsky 0 0 0 255", "line 1: 'road 128 64 128 255' reads like a name and its colour, or other numbers")]
    [InlineData("car 0.98 10 20 300 400", "line 1: 'car 0.98 10 20 300 400' reads like a name and its colour, or other numbers")]
    [InlineData("name\nimport os", "line 2: 'import os' reads like a program")]
    [InlineData("set -e\nrm x", "line 1: 'set -e' reads like a program")]
    [InlineData("images/a.jpg,cat", "line 1: 'images/a.jpg,cat' reads like what is in one picture")]
    [InlineData("person:128,64,128\nsky", "line 2: must read name:red,green,blue, as")]
    [InlineData("0 0.5 0.5 0.2 0.1\n1 0.1 0.1 0.1 0.1", "line 1: '0 0.5 0.5 0.2 0.1' reads like boxes or outlines")]
    [InlineData("0 grass\n2 sky", "all lines are numbered, 0 to 2")]
    [InlineData("0, grass\n1, sky", "all lines are numbered, 0 to 1")]
    [InlineData("grass 0\nsky 1", "all lines are numbered, 0 to 1")]
    [InlineData("grass:0\nsky:1", "all lines have a colon in them")]
    [InlineData("person:man\ncar:automobile", "all lines have a colon in them, as 'person:man' has")]
    [InlineData("import os\nimport numpy as np", "line 1: 'import os' reads like a program")]
    [InlineData("sky\nfrom os import path", "line 2: 'from os import path' reads like a program")]
    [InlineData("#!/bin/sh\necho hello", "line 1: '#!/bin/sh' begins a program")]
    [InlineData("echo $HOME", "line 1: 'echo $HOME' is no class name")]
    [InlineData("sky\nmake && make install", "line 2: 'make && make install' reads like a program")]
    [InlineData("# Project\n\nThis is the code of our segmentation. See the paper\nfor details\n", "line 3: 'This is the code of our segmentation. See the paper' reads like prose")]
    [InlineData("# Project\n\nInstall **this** first\n", "line 3: 'Install **this** first' reads like Markdown")]
    [InlineData("# Project\n\n- one\n\nand more text\n", "not valid YAML")]
    [InlineData("Klasse, Farbe\nGras, grün", "line 1: 'Klasse, Farbe' reads like the column names of a table")]
    [InlineData("Klasse,Farbe\nGras,grün", "line 1: 'Klasse,Farbe' reads like the column names of a table")]
    [InlineData("id name\n0 grass\n1 sky", "line 1: 'id name' reads like the column names of a table")]
    [InlineData("sky\ngrass # green", "line 2: 'grass # green' holds a comment, # green")]
    [InlineData("grass, # green", "line 1: '# green' holds a comment")]
    [InlineData("sky\ngrass // green", "line 2: 'grass // green' holds a comment, // green")]
    [InlineData("草，天空", "line 1: '，' is in '草，天空'")]
    [InlineData("草；天空", "line 1: '；' is in")]
    [InlineData("草、天空", "line 1: '、' is in")]
    [InlineData("image,label\na.jpg,cat", "line 1: a table of what is in pictures, for there is a column 'image'")]
    [InlineData("filename,width,height,class,xmin,ymin,xmax,ymax\na.jpg,1,1,cat,0,0,1,1", "there is a column 'filename'")]
    [InlineData("ImageID,LabelName\n1,cat", "there is a column 'ImageID'")]
    [InlineData("sky\na.jpg cat", "line 2: 'a.jpg cat' reads like what is in one picture")]
    [InlineData("a.jpg\nb.PNG", "all lines are pictures")]
    [InlineData("a.heic\nb.TIF", "all lines are pictures")]
    [InlineData("name_en,name_de\nsky,Himmel", "line 1: the names may be those of 'name_en' or 'name_de'")]
    [InlineData("class,wort\n0,Gras", "line 1: the column 'class' has numbers alone")]
    [InlineData("sep=;\na;b\n", "line 2: no column is called 'name'")]
    [InlineData("name\n", "there is no class")]
    [InlineData("item {\n  id: 1\n", "line 1: the item does not end")]
    [InlineData("item {\n  id: 1\n}\n", "line 1: the item has no name")]
    [InlineData("item { id: 1 name: a }\n", "line 1: the name must be in quotes")]
    [InlineData("item { id: 1 name: 'a' }\nperson", "line 2: must be an item")]
    [InlineData("item { id: 1 name: 'a' }\nitem { id: 1 name: 'b' }", "line 1 and line 2 have the same id 1")]
    [InlineData("item { id: 1 name: '\\303' }", "in a name is not read")]
    [InlineData("all: &a [sky]\nnames: *a\n", "line 2: *a stands for another part of the file")]
    [InlineData("- sky\n- *a\n", "line 2: *a stands for another part of the file")]
    [InlineData("- name: a\n  color: #ff0000\n", "line 2: the color is empty. In YAML, # begins a comment")]
    [InlineData("- name: a\n  background: perhaps\n", "line 2, background: must be true or false")]
    [InlineData("- name: sky\n- color: red\n", "line 2: 'name' is missing")]
    [InlineData("- name: a\n- b\n", "line 2: must be a map with 'name', as the others are")]
    [InlineData("- a\n- name: b\n", "line 2: must be a name, as the others are")]
    [InlineData("classes: 3\ntrain: a\n", "line 1: 'classes' must be a list")]
    [InlineData("names: [a]\nnames: [b]\n", "line 2: 'names' is there twice")]
    [InlineData("<!DOCTYPE html>\n<html><body></body></html>", "a page of HTML, and no label file")]
    [InlineData("<html lang=\"en\"></html>", "a page of HTML, and no label file")]
    [InlineData("<!DOCTYPE x [<!ENTITY a \"b\">]>\n<View/>", "line 1: not valid XML: it has a document type, which is not read")]
    [InlineData("[\"sky\",\n\"grass\",\n]", "line 3: not valid JSON: a comma stands before a closing bracket, with nothing between them")]
    [InlineData("{\"name\": \"a\"}\n{\"name\": \"b\"}", "line 2: not valid JSON: '{' stands behind its end")]
    [InlineData("[{\"name\": \"a\", \"color\": [1, 2]}]", "element 1, color: '[1, 2]' must be a colour")]
    [InlineData("{\"classes\": {\"a\": 0, \"b\": -1}}", "classes: the id of 'b' must be a whole number from 0")]
    [InlineData("{\"classes\": {\"a\": \"b\"}}", "classes: 'a' must be an id")]
    [InlineData("[{\"name\": \"a\", \"readable\": \"A\"}, {\"name\": \"b\"}]", "element 2: 'readable' is missing")]
    public void It_is_refused_with_its_place_and_what_is_wrong(string content, string expected)
    {
        var message = Assert.Throws<LabelSetException>(() => LabelReader.Parse(content, "FILE")).Message;
        Assert.StartsWith("FILE", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("# Labels\n\nIt runs\n[SCLIP](http://x) (ECCV): in plain\nwords", "line 4: '[SCLIP](http://x) (ECCV): in plain' reads like Markdown, and this is no list of names")]
    [InlineData("[![build](http://x/y)](http://x)\n\n# Labels", "line 1: '[![build](http://x/y)](http://x)' reads like Markdown")]
    [InlineData("## Use\n\nnote: this\n\n```sh\nmake\n```", "line 5: '```sh' reads like Markdown")]
    [InlineData("note: this\n\n| a | b |\n|---|---|\n| 1 | 2 |", "line 4: '|---|---|' reads like Markdown")]
    [InlineData("the **most** classes\nothers: few", "line 1: 'the **most** classes' reads like Markdown")]
    public void A_document_in_Markdown_is_called_so(string content, string expected) => It_is_refused_with_its_place_and_what_is_wrong(content, expected);

    [Fact]
    public void A_file_of_Markdown_is_refused_as_such_unless_it_is_a_list_of_names()
    {
        Assert.Equal("README.md is a document in Markdown, and is no list of names; give a file with a class on each line.", Assert.Throws<LabelSetException>(() => LabelReader.Parse("note: this\n  that\n", "README.md")).Message);
        Assert.Equal(["cat", "dog"], LabelReader.Parse("- cat\n- dog\n", "classes.md").Set.Names);
        Assert.Contains("not valid JSON", Assert.Throws<LabelSetException>(() => LabelReader.Parse("{\"info\": \"see\n[a](b)\"", "FILE")).Message, StringComparison.Ordinal);
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
    [InlineData("nope/labels")]
    [InlineData("*.txt")]
    [InlineData("label?")]
    [InlineData("labels.txt, other.txt")]
    [InlineData("cat, labels/*")]
    [InlineData("./a, ./b")]
    [InlineData("0 grass, 1 sky")]
    [InlineData("0 grass, 2 sky")]
    [InlineData("road 128 64 128, sky 70 130 180")]
    [InlineData("import os")]
    [InlineData("草，天空")]
    [InlineData("cat\rdog; bird")]
    [InlineData("cat,,")]
    public void On_the_command_line_neither_broken_texts_nor_missing_files_are_names(string text) => Assert.Throws<LabelSetException>(() => LabelReader.Load(text));

    [Theory]
    [InlineData("nope/labels", "nope/labels reads like a path, and there is no such file. Where it is a name, give it as JSON: [\"nope/labels\"].")]
    [InlineData("*.txt", "*.txt reads like a pattern for files, and one file is read; give its name.")]
    [InlineData("cat, other.txt", "'other.txt' reads like a file, and no class name. Give one file alone, with all names in it, or names between commas.")]
    public void What_reads_like_a_file_that_is_missing_is_called_so(string text, string message) => Assert.Equal(message, Assert.Throws<LabelSetException>(() => LabelReader.Load(text)).Message);

    [Theory]
    [InlineData("2 wheeler\n4 wheeler")]
    [InlineData("stage 1\nstage 2")]
    [InlineData("Boeing 737\nAirbus 320")]
    [InlineData("2-door car\n4-seat car")]
    [InlineData("3 doors\ncar")]
    [InlineData("24/7 shop\nand/or")]
    [InlineData("building, house\ncar, automobile")]
    [InlineData("color, hue\nsky")]
    [InlineData("# name, synonyms\nbuilding, house, villa\nsky")]
    public void Lists_may_hold_what_reads_like_something_else_at_first_sight(string text) =>
        Assert.Equal(text.Split('\n').Where(line => line[0] != '#').Select(line => line.Split(", ")[0]), LabelReader.Parse(text, "FILE").Set.Classes.Select(label => label.Name));

    [Theory]
    [InlineData("89 50 4E 47 0D 0A 1A 0A", "a picture (PNG)")]
    [InlineData("FF D8 FF E0 00 10", "a picture (JPEG)")]
    [InlineData("47 49 46 38 39 61 01", "a picture (GIF)")]
    [InlineData("52 49 46 46 01 02 03 04 57 45 42 50", "a picture (WebP)")]
    [InlineData("49 49 2A 00 08", "a picture (TIFF)")]
    [InlineData("00 00 00 18 66 74 79 70 68 65 69 63", "a picture (HEIC or AVIF) or a video")]
    [InlineData("50 4B 03 04 14 00", "a zip archive")]
    [InlineData("1F 8B 08 00", "a compressed file (gzip)")]
    [InlineData("25 50 44 46 2D 31", "a PDF")]
    [InlineData("7B 22 01 00 00 00 00 00 7B 22 5F", "a model (safetensors)")]
    [InlineData("63 00 61 00 74 00", "a binary file, or UTF-16 without its mark")]
    public void What_is_no_text_is_called_what_it_is(string bytes, string kind)
    {
        var content = Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal));
        Assert.StartsWith($"FILE: not UTF-8 text but {kind}", Assert.Throws<LabelSetException>(() => LabelReader.Parse(content, "FILE")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_encoding_that_is_not_known_is_named() =>
        Assert.Equal("FILE, line 1: the encoding 'klingon-1' is not known; save it as UTF-8.",
            Assert.Throws<LabelSetException>(() => LabelReader.Parse("<?xml version='1.0' encoding='klingon-1'?><View/>"u8.ToArray(), "FILE")).Message);

    [Fact]
    public void A_file_without_an_end_is_refused_in_a_line()
    {
        Assert.SkipUnless(File.Exists("/dev/zero"), "There is no such device here.");
        Assert.Equal("/dev/zero: more than 64 MiB are too many for a file of names.", Assert.Throws<LabelSetException>(() => LabelReader.Load("/dev/zero")).Message);
    }

    [Fact]
    public async Task A_pipe_is_read_as_a_file_is()
    {
        using var pipe = new System.IO.Pipes.AnonymousPipeServerStream(System.IO.Pipes.PipeDirection.Out, HandleInheritability.None);
        var path = $"/dev/fd/{pipe.ClientSafePipeHandle.DangerousGetHandle()}";
        Assert.SkipUnless(File.Exists(path), "Pipes are no files here.");
        var read = Task.Run(() => LabelReader.Load(path).Set.Names);
        pipe.Write("sky\ngrass\n"u8);
        pipe.Dispose();
        Assert.Equal(["sky", "grass"], await read);
    }

    [Fact]
    public void A_line_of_hundreds_of_thousands_of_letters_is_refused_as_a_short_one_is()
    {
        foreach (var filler in (string[])[" ", "1", "\t", "1 ", "a\t", ", ", "<!---->", "1,"])
            foreach (var before in (string[])["sky", ""])
                Assert.ThrowsAny<LabelSetException>(() => LabelReader.Parse($"{before}{string.Concat(Enumerable.Repeat(filler, 100_000))}=", "FILE"));
    }

    [Theory]
    [InlineData("St. Bernard")]
    [InlineData("C# code")]
    [InlineData("man's best friend")]
    [InlineData("bow (weapon)")]
    [InlineData("50 % grey")]
    [InlineData("naïve café")]
    [InlineData("T-shirt")]
    [InlineData("7up")]
    [InlineData("24-hour shop")]
    [InlineData("apartment #3")]
    [InlineData("Boeing 737")]
    [InlineData("16:9 screen")]
    [InlineData("Mrs. Smith's dog(s)")]
    [InlineData("$100 bill")]
    [InlineData("Yahoo! Japan office")]
    public void Names_may_hold_what_names_hold(string name) => Assert.Equal([name], LabelReader.Load(name).Set.Names);
}
