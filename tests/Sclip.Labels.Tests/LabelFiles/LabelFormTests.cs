using System.Text;
using Sclip.Contracts;
using Sclip.Testing;

namespace Sclip.Labels.Tests.LabelFiles;

/// <summary>Label files as the tools write them.</summary>
public sealed class LabelFormTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>A file of each form; all name sky, a traffic light and grass.</summary>
    public static TheoryData<string, string> Forms { get; } = new()
    {
        { "text, a class a line", "# outdoors\nsky\n\ntraffic light\ngrass\n" },
        { "table", "id,name,supercategory\n0,sky,a\n1,traffic light,b\n2,grass,a\n" },
        { "table", "\"Class Name\";\"R\";\"G\";\"B\"\n\"sky\";70;130;180\n\"traffic light\";250;170;30\n\"grass\";0;255;0\n" },
        { "table", "sep=;\r\nname;color\r\nsky;#4682b4\r\ntraffic light;\r\ngrass;green\r\n" },
        { "table", "label\tcolor\nsky\t\ntraffic light\t\ngrass\t\n" },
        { "text, a class a line", "name\nsky\ntraffic light\ngrass\n" },
        { "table", "\"name\"\n\"sky\"\n\"traffic light\"\n\"grass\"\n" },
        { "Sclip's JSON", """[{"name": "sky"}, {"name": "traffic light", "synonyms": ["signal"]}, {"name": "grass"}]""" },
        { "JSON array of names", """["sky", "traffic light", "grass"]""" },
        { "JSON array of names", """{"classes": ["sky", "traffic light", "grass"]}""" },
        { "Hugging Face id2label", """{"model_type": "segformer", "id2label": {"2": "grass", "0": "sky", "1": "traffic light"}, "label2id": {"sky": 0, "traffic light": 1, "grass": 2}}""" },
        { "JSON map from ids", """{"0": "sky", "1": "traffic light", "2": "grass"}""" },
        { "JSON map to ids", """{"grass": 2, "sky": 0, "traffic light": 1}""" },
        { "COCO categories", """{"images": [], "annotations": [], "categories": [{"id": 90, "name": "grass", "supercategory": "plant"}, {"id": 1, "name": "sky", "isthing": 0, "color": [70, 130, 180]}, {"id": 10, "name": "traffic light"}]}""" },
        { "CVAT labels", """[{"name": "sky", "color": "#4682b4", "attributes": []}, {"name": "traffic light", "id": 7, "color": "#faaa1e", "type": "any", "attributes": [{"name": "lit", "values": ["yes"]}]}, {"name": "grass", "attributes": []}]""" },
        { "YOLO data.yaml", "path: ../data # root\ntrain: images/train\nnc: 3\nnames: ['sky', 'traffic light', 'grass']\n" },
        { "YOLO data.yaml", "train: images\nnames:\n  0: sky\n  1: traffic light\n  2: grass\nroboflow:\n  license: MIT\n" },
        { "YAML list", "- sky\n- traffic light\n- grass\n" },
        { "VOC labelmap.txt", "# label:color_rgb:parts:actions\nsky:70,130,180::\ntraffic light:250,170,30::\ngrass:::\n" },
        { "VOC labelmap.txt", "sky:70,130,180\ntraffic light:250,170,30\ngrass:0,255,0\n" },
        { "table", "Name (en),Color\nsky,\"[70,130,180]\"\ntraffic light,\ngrass,\n" },
        { "table", "label_en\tcolor\nsky\t\ntraffic light\t\ngrass\t\n" },
        { "table", "class,label\n0,sky\n1,traffic light\n2,grass\n" },
        { "text, a class a line", "Class Name\r\nsky\r\ntraffic light\r\ngrass\r\n" },
        { "text, a class a line", "class\nsky, heaven\ntraffic light\ngrass\n" },
        { "text, a class and its colour a line", "70 130 180\tsky\n250 170 30\ttraffic light\n0 255 0\tgrass\n" },
        { "text, a class and its colour a line", "sky 70 130 180\ntraffic light 250 170 30\ngrass 0 255 0\n" },
        { "text, a class and its colour a line", "# the colours\n#4682b4 sky\n#faaa1e traffic light\n#00ff00 grass\n" },
        { "text, a class and its colour a line", "sky, #4682b4\ntraffic light, #faaa1e\ngrass, #00ff00\n" },
        { "text, a class and its colour a line", "sky: rgb(70, 130, 180)\ntraffic light: [250, 170, 30]\ngrass: (0,255,0)\n" },
        { "text, a class and its colour a line", "0 sky 70 130 180\n1 traffic light 250 170 30\n2 grass 0 255 0\n" },
        { "text, a class and its colour a line", "0\t70\t130\t180\tsky\n1\t250\t170\t30\ttraffic light\n2\t0\t255\t0\tgrass\n" },
        { "text, a class and its colour a line", "sky,70,130,180\ntraffic light,250,170,30\ngrass,0,255,0\n" },
        { "TensorFlow labelmap.pbtxt", "item {\n  id: 1\n  name: 'sky'\n}\n# more\nitem {\n  name: \"/m/015qff\"\n  id: 2\n  display_name: \"traffic light\"\n  keypoints {\n    id: 7\n    label: \"lit\"\n  }\n}\nitem: { id: 3, name: 'grass' }\n" },
        { "YAML with 'classes'", "dataset: x\nclasses:\n- sky\n- traffic light\n- grass\n" },
        { "YAML with 'id2label'", "id2label:\n  0: sky\n  1: traffic light\n  2: grass\nlabels: 3\n" },
        { "YAML map", "sky: 0\ntraffic light: 1\ngrass: 2\n" },
        { "Hugging Face id2label", """{"id2label": ["sky", "traffic light", "grass"]}""" },
        { "JSON map from ids", """{"classes": {"0": "sky", "1": "traffic light", "2": "grass"}}""" },
        { "JSON map to ids", """{"classes": {"sky": 0, "traffic light": 1, "grass": 2}}""" },
        { "JSON map from ids", """{"classes": 3, "names": {"0": "sky", "1": "traffic light", "2": "grass"}}""" },
        { "JSON map from ids", """{"0": ["n01440764", "sky"], "1": ["n01443537", "traffic light"], "2": ["n01484850", "grass"]}""" },
        { "JSON map to colours", """{"sky": [70, 130, 180], "traffic light": "#faaa1e", "grass": [0, 255, 0]}""" },
        { "Mapillary labels", """{"labels": [{"name": "nature--sky", "readable": "sky", "color": [70, 130, 180], "instances": false}, {"name": "object--traffic-light", "readable": "traffic light", "color": [250, 170, 30]}, {"name": "nature--grass", "readable": "grass"}], "mapping": "public", "version": "1.1"}""" },
        { "Sclip's JSON", """[{"name": "sky", "color": [70, 130, 180]}, {"name": "traffic light", "color": null}, {"name": "grass"}]""" },
        { "CVAT labels", """[{"name": "sky", "color": [70, 130, 180], "attributes": []}, {"name": "traffic light", "attributes": []}, {"name": "grass", "color": "", "attributes": []}]""" },
        { "Label Studio configuration", "<View>\n  <Image name=\"image\" value=\"$image\"/>\n  <BrushLabels name=\"tag\" toName=\"image\">\n    <Label value=\"sky\" background=\"#4682b4\"/>\n    <Label value=\"traffic light\" background=\"rgba(250,170,30,0.7)\"/>\n    <Label value=\"grass\" background=\"green\"/>\n  </BrushLabels>\n</View>\n" },
    };

    /// <summary>The same in forms whose keys, or whose head, may be cut to what reads like a name.</summary>
    public static TheoryData<string, string> LooseForms { get; } = new()
    {
        { "table", "# exported\n#\nname,color\n# c,\nsky,4682b4\ntraffic light,\"(250,170,30)\"\ngrass,0 255 0\n,\n,,\n\"\",\"\"\n" },
        { "table", "# id,name\n0.0,sky\n1.0,traffic light\n2.0,grass\n" },
        { "YAML list", "- name: sky\n  color: \"#4682b4\"\n- name: traffic light\n  color: [250, 170, 30]\n  synonyms: [signal]\n- name: grass\n  background: true\n" },
        { "YAML with 'labels'", "labels:\n- id: 0\n  name: sky\n- id: 1\n  name: traffic light\n- id: 2\n  name: grass\n" },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    [MemberData(nameof(LooseForms))]
    public void Each_form_is_told_by_its_content(string form, string content)
    {
        foreach (var name in (string[])["labels", "labels.txt"])
        {
            var read = LabelReader.Load(_folder.Write(name, content));
            Assert.Equal(form, read.Form);
            Assert.Equal(["sky", "traffic light", "grass"], read.Set.Classes.Select(label => label.Name));
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    [MemberData(nameof(LooseForms))]
    public void What_is_printed_of_a_form_reads_back_the_same(string form, string content)
    {
        var read = LabelReader.Parse(content, form);
        var again = LabelReader.Parse(MaskLabels.Write(read.Set.Classes), form);
        Assert.Equal(Describe(read.Set), Describe(again.Set));
        Assert.Empty(again.Notes);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_file_that_was_cut_off_gives_no_class_that_the_whole_one_has_not(string form, string content)
    {
        var whole = LabelReader.Parse(content, form).Set.Names;
        // What is left of the first word alone may be a name as well.
        for (var length = content.IndexOf('\n', StringComparison.Ordinal) + 1; length < content.Length; length++)
            try
            {
                // A line that was cut is a name that was cut; never is what stands around names taken for one.
                foreach (var name in LabelReader.Parse(content[..length], form).Set.Names)
                    Assert.True(whole.Any(known => known.StartsWith(name, StringComparison.Ordinal)), $"{length}: '{name}'");
            }
            catch (LabelSetException)
            {
                // Refused, with its line.
            }
    }

    [Fact]
    public void A_spreadsheet_may_write_UTF_16() =>
        Assert.Equal(["Straße", "Gras"], LabelReader.Load(_folder.Write("a.csv", (ReadOnlySpan<byte>)[0xFF, 0xFE, .. Encoding.Unicode.GetBytes("name\tcolor\r\nStraße\t\r\nGras\t\r\n")])).Set.Names);

    [Fact]
    public void A_table_brings_colours_synonyms_and_the_background()
    {
        var set = LabelReader.Parse("name,synonyms,color,background\nvoid,\"sky, wall\",#000000,yes\ncat,kitten,orange,\n", "a").Set;
        Assert.Equal(["sky", "wall"], set.Classes[0].Synonyms);
        Assert.Equal((true, false), (set.Classes[0].Background, set.Classes[1].Background));
        Assert.Equal(new RgbColor(255, 165, 0), set.Classes[1].Color);
    }

    [Theory]
    [InlineData("""{"categories": [{"id": 1, "name": "a"}, {"id": 3, "name": "b"}]}""", "The ids are 1 to 3, 1 of them missing; in masks the classes are 0 to 1, in the order of their ids.")]
    [InlineData("""{"1": "a", "2": "b"}""", "The ids are 1 to 2; in masks the classes are 0 to 1, in the order of their ids.")]
    [InlineData("""{"id2label": {"0": "a"}, "x": 1}""", "Names are those of 'id2label'; passed over: x.")]
    [InlineData("id,name,area\n0,a,7\n", "Names are those of the column 'name'; passed over: area.")]
    [InlineData("<View><BrushLabels><Label value=\"a\"/></BrushLabels><PolygonLabels><Label value=\"a\"/></PolygonLabels></View>", "The labels of 2 controls are taken together: BrushLabels, PolygonLabels.")]
    [InlineData("category\na\n", "'category' in line 1 is taken for the head of the column, and no class.")]
    [InlineData("\nlabel\na, b\n", "'label' in line 2 is taken for the head of the column, and no class.")]
    [InlineData("\"label\"\n\"a\"\n", "'label' in line 1 is taken for the head of the column, and no class.")]
    [InlineData("# Tool\nInstall it\n## Usage\nRun it", "'## Usage' in line 3 was skipped, and reads like a heading in a document; see whether its lines are names.")]
    [InlineData("class,label\n0,a\n1,b\n", "Names are those of the column 'label', and ids those of 'class'.")]
    [InlineData("0 a 1 2 3\n7 b 4 5 6", "The ids are 0 to 7, 6 of them missing; in masks the classes are 0 to 1, in the order of their ids.")]
    [InlineData("item { id: 1 name: 'a' }", "The ids are 1 to 1; in masks the classes are 0 to 0, in the order of their ids.")]
    [InlineData("names: [a]\nlabels: [b]\n", "Names are those of 'names'; passed over: labels.")]
    [InlineData("- name: a\n  colour: red\n", "Passed over: colour.")]
    [InlineData("""{"0": ["n01440764", "a"]}""", "Names are the second of each pair: 'a' of 'n01440764'.")]
    [InlineData("""[{"name": "x--a", "readable": "a"}]""", "Names are those of 'readable'.")]
    public void What_is_not_seen_in_the_classes_is_told(string content, string note) => Assert.Equal([note], LabelReader.Parse(content, "a").Notes);

    [Theory]
    [InlineData("128 64 128 road")]
    [InlineData("road 128 64 128")]
    [InlineData("road\t128\t64\t128")]
    [InlineData("road:128,64,128")]
    [InlineData("road #804080")]
    [InlineData("#804080 road")]
    [InlineData("name,color\nroad,804080")]
    [InlineData("name,color\nroad,0x804080")]
    [InlineData("name,color\nroad,\"(128,64,128)\"")]
    [InlineData("name,color\nroad,128 64 128")]
    [InlineData("name,rgb\nroad,\"[128, 64, 128]\"")]
    [InlineData("color,name\n#804080,road")]
    [InlineData("- name: road\n  color: [128, 64, 128]")]
    [InlineData("""[{"name": "road", "color": [128, 64, 128]}]""")]
    [InlineData("""[{"name": "road", "color": [128, 64, 128], "type": "any"}]""")]
    [InlineData("""[{"name": "x", "readable": "road", "color": [128, 64, 128]}]""")]
    public void A_colour_may_be_written_in_many_ways(string content) =>
        Assert.Equal("road #804080 False", Assert.Single(Describe(LabelReader.Parse(content, "a").Set)));

    [Theory]
    [MemberData(nameof(Forms))]
    [MemberData(nameof(LooseForms))]
    public void Lines_may_end_in_any_way(string form, string content)
    {
        var set = Describe(LabelReader.Parse(content, form).Set);
        foreach (var end in (string[])["\r", "\r\n"])
            Assert.Equal(set, Describe(LabelReader.Parse(content.ReplaceLineEndings(end), form).Set));
    }

    [Fact]
    public void A_comma_at_the_end_of_names_is_none() => Assert.Equal(["grass", "sky"], LabelReader.Load("grass, sky, ").Set.Names);

    [Theory]
    [InlineData("iso-8859-1")]
    [InlineData("ISO-8859-1")]
    [InlineData("windows-1252")]
    public void Xml_is_read_by_the_encoding_that_it_declares(string encoding) =>
        Assert.Equal(["Straße"], LabelReader.Load(_folder.Write("a.xml", Encoding.Latin1.GetBytes($"<?xml version=\"1.0\" encoding=\"{encoding}\"?><View><Labels><Label value=\"Straße\"/></Labels></View>"))).Set.Names);

    [Fact]
    public void Xml_of_single_bytes_is_UTF_8_though_it_says_UTF_16() =>
        Assert.Equal(["Straße"], LabelReader.Load(_folder.Write("a.xml", "<?xml version=\"1.0\" encoding=\"utf-16\"?><View><Labels><Label value=\"Straße\"/></Labels></View>")).Set.Names);

    [Fact]
    public void The_categories_of_an_annotation_file_of_any_size_are_read()
    {
        var path = _folder["instances.json"];
        using (var file = File.CreateText(path))
        {
            file.Write("{\"images\": [");
            var image = string.Concat(Enumerable.Repeat("{\"id\": 1, \"file_name\": \"categories\", \"nested\": {\"categories\": []}},\n", 10_000));
            while (file.BaseStream.Position < 70 << 20)
                file.Write(image);
            file.Write("{}], \"categories\": [{\"id\": 2, \"name\": \"b\"}, {\"id\": 1, \"name\": \"a\"}], \"annotations\": [cut off");
        }
        var read = LabelReader.Load(path);
        Assert.Equal(["a", "b"], read.Set.Names);
        Assert.Equal("COCO categories", read.Form);
    }

    public void Dispose() => _folder.Dispose();

    private static string[] Describe(LabelSet set) => [.. set.Classes.Select(label => $"{string.Join('/', label.AllNames)} {label.Color} {label.Background}")];
}
