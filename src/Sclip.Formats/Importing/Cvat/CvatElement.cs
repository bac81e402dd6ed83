using System.Xml;
using Sclip.Contracts.Jobs;

namespace Sclip.Formats.Importing.Cvat;

/// <summary>An element of CVAT's file, which is read alone.</summary>
/// <param name="Bytes">Where it stands.</param>
/// <param name="Line">The line that it starts in, from 1 on.</param>
/// <param name="Pixels">Of a picture, its pixels.</param>
internal readonly record struct CvatElement(FilePiece Bytes, long Line, long Pixels = 0)
{
    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, ConformanceLevel = ConformanceLevel.Fragment };

    /// <summary>Goes through it and the elements within.</summary>
    /// <param name="file">The file.</param>
    /// <param name="take">Takes each element, at its start.</param>
    /// <exception cref="ImportException">It is no valid XML.</exception>
    public void Visit(FilePieces file, Action<XmlReader> take) => Visit(file, file.Read(Bytes, $"{file.Path}, line {Line}"), take);

    /// <summary>Takes its tag alone.</summary>
    /// <param name="file">The file.</param>
    /// <param name="isEmpty">Whether the tag ends the element as well.</param>
    /// <param name="take">Takes the tag.</param>
    /// <exception cref="ImportException">It is no valid XML.</exception>
    public void VisitTag(FilePieces file, bool isEmpty, Action<XmlReader> take) =>
        Visit(file, [.. file.Read(Bytes, $"{file.Path}, line {Line}"), .. isEmpty ? [] : "</image>"u8], take);

    /// <summary>What errors call the place where a reader of it is.</summary>
    public string Where(FilePieces file, XmlReader xml) => $"{file.Path}, line {Line + ((IXmlLineInfo)xml).LineNumber - 1}";

    private void Visit(FilePieces file, byte[] bytes, Action<XmlReader> take)
    {
        try
        {
            using var xml = XmlReader.Create(new MemoryStream(bytes), Settings);
            while (xml.Read())
                if (xml.NodeType == XmlNodeType.Element)
                    take(xml);
        }
        catch (XmlException error)
        {
            throw new ImportException($"{file.Path}, line {Line + Math.Max(1, error.LineNumber) - 1}: not valid XML: {JobNames.Shown(error.Message)}", error);
        }
    }
}
