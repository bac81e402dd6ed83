using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Sclip.Deployment.Tests.Reference;

/// <summary>What the XML documentation of the build says of a property, as Markdown.</summary>
internal static partial class Summary
{
    private static readonly Dictionary<string, XDocument> Documents = [];

    /// <summary>The summary, in one line.</summary>
    /// <param name="property">The property.</param>
    /// <param name="shown">How another property is named that the summary refers to.</param>
    public static string Of(PropertyInfo property, Func<string, string> shown)
    {
        var type = property.DeclaringType!;
        var path = Path.ChangeExtension(type.Assembly.Location, ".xml");
        if (!Documents.TryGetValue(path, out var document))
            Documents.Add(path, document = XDocument.Load(path));
        var member = document.Descendants("member").Single(member => member.Attribute("name")!.Value == $"P:{type.FullName}.{property.Name}");
        return Space().Replace(string.Concat(member.Element("summary")!.Nodes().Select(node => Markdown(node, shown))), " ").Trim();
    }

    private static string Markdown(XNode node, Func<string, string> shown) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "see" } see => $"`{shown(see.Attribute("cref")!.Value.Split('.')[^1])}`",
        _ => throw new InvalidOperationException($"A summary of a setting holds {node}, which is not shown."),
    };

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
