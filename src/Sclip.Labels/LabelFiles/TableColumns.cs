using System.Text.RegularExpressions;

namespace Sclip.Labels;

/// <summary>What the columns of a table may be called, whatever their case, <c>_</c> or a space between.</summary>
internal static partial class TableColumns
{
    public static readonly string[] Names = ["name", "class_name", "classname", "label_name", "labelname", "category_name", "class", "label", "category", "names", "classes", "labels", "categories"];
    public static readonly string[] Ids = ["id", "index", "class_id", "label_id", "category_id", "value", "train_id", "trainid", "idx"];
    public static readonly string[] Colors = ["color", "colour", "hex", "color_hex", "rgb", "color_rgb", "rgb_color"];
    public static readonly string[] Synonyms = ["synonyms", "synonym", "aliases", "alias"];
    public static readonly string[] Backgrounds = ["background", "is_background"];
    public static readonly string[][] Channels = [["r", "red"], ["g", "green"], ["b", "blue"]];

    private static readonly string[] Pictures =
        ["image", "images", "image_id", "imageid", "image_name", "image_path", "img", "img_path", "filename", "file_name", "file", "filepath", "file_path", "path", "picture", "xmin", "x_min", "x1", "bbox"];

    // Not read, as too many languages have them; but no classes either.
    private static readonly string[] Foreign =
    [
        "klasse", "klassen", "bezeichnung", "kategorie", "farbe", "nummer", "classe", "nom", "catégorie", "categorie", "étiquette", "couleur", "clase", "nombre", "etiqueta", "categoría", "categoria",
        "nome", "colore", "cor", "naam", "kleur", "namn", "färg", "класс", "название", "имя", "цвет", "类别", "名称", "标签", "颜色", "クラス", "名前", "色",
    ];

    /// <summary>A column's name as it stands in the lists.</summary>
    public static string Column(string header) => header.Trim().Trim('"').Trim().ToLowerInvariant().Replace(' ', '_');

    public static bool IsKnown(string column) => new[] { Names, Ids, Colors, Synonyms, Backgrounds }.Concat(Channels).Any(names => names.Contains(column));

    public static bool IsName(string column) => Names.Contains(column);

    /// <summary>Whether a column has names in one language of several: <c>name_en</c>, <c>Name (en)</c>.</summary>
    public static bool IsNameInALanguage(string column) => !IsKnown(column) && InALanguage().IsMatch(column);

    public static bool IsOfPictures(string column) => Pictures.Contains(column);

    /// <summary>Whether a line has nothing but several words for columns, whatever is between them.</summary>
    public static bool AreColumns(string line) => line.Length <= TextFile.LongestLine && Word().Split(line.Trim()) is { Length: > 1 } words
        && Array.TrueForAll(words, word => Column(word) is var column && (IsKnown(column) || Foreign.Contains(column))) && words.Any(word => Column(word) is var column && (IsName(column) || Foreign.Contains(column)));

    /// <summary>Whether a name is one of a column's in another language.</summary>
    public static bool IsForeign(string name) => Foreign.Contains(Column(name));

    /// <summary>What is told of a head line above names.</summary>
    public static string HeadNote(string head, int line) => $"'{NotNames.Shown(head)}' in line {line + 1} is taken for the head of the column, and no class.";

    [GeneratedRegex(@"^(?:class_?|label_?|category_?)?(?:name|class|label|category)(?:[_-]*[(\[]|[_-]+)(?!id|no|nr)(?:[a-z]{2}(?:[-_][a-z]{2})?|english)[)\]]?$")]
    private static partial Regex InALanguage();

    [GeneratedRegex(@"\s*[,;\t|]\s*|\s+")]
    private static partial Regex Word();
}
