using System.Text.Json;

namespace Sclip.Formats.Importing;

/// <summary>Is told of the tokens of a JSON file.</summary>
internal interface IJsonVisitor
{
    /// <summary>A token.</summary>
    /// <param name="reader">Stands on it.</param>
    /// <param name="offset">Where in the file it begins, in bytes.</param>
    /// <returns>False to read no further.</returns>
    bool Visit(ref Utf8JsonReader reader, long offset);
}
