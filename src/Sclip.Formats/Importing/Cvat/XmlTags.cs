using System.Text;

namespace Sclip.Formats.Importing.Cvat;

/// <summary>
/// Goes through the tags of an XML file in UTF-8 without holding more than a block of it, and tells where each stands, so that elements can be
/// read alone later. Comments, instructions and CDATA are passed over; a document type is refused, since it may stand for anything.
/// </summary>
internal sealed class XmlTags(Stream file, string path)
{
    private const int LongestName = 200;
    private readonly byte[] _buffer = new byte[1 << 16];
    private readonly StringBuilder _name = new();
    private int _at, _end;
    private long _before;

    /// <summary>The tag's name.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Whether it ends an element.</summary>
    public bool IsEnd { get; private set; }

    /// <summary>Whether it starts an element and ends it.</summary>
    public bool IsEmpty { get; private set; }

    /// <summary>Where the tag starts in the file.</summary>
    public long Start { get; private set; }

    /// <summary>Where what follows the tag starts.</summary>
    public long Next => _before + _at;

    /// <summary>The line of the tag, from 1 on.</summary>
    public long Line { get; private set; }

    private long LineNow { get; set; } = 1;

    /// <summary>Goes to the next tag; false at the file's end.</summary>
    /// <exception cref="ImportException">It ends within a tag, or has a document type.</exception>
    public bool MoveNext()
    {
        while (true)
        {
            int letter;
            do
                if ((letter = Take()) < 0)
                    return false;
            while (letter != '<');
            (Start, Line) = (Next - 1, LineNow);
            switch (letter = Must())
            {
                case '?':
                    Skip("?>");
                    break;
                case '!':
                    SkipMarkup();
                    break;
                default:
                    IsEnd = letter == '/';
                    TakeTag(IsEnd ? Must() : letter);
                    return true;
            }
        }
    }

    private void TakeTag(int letter)
    {
        _name.Clear();
        for (; letter is not ('>' or '/' or ' ' or '\t' or '\r' or '\n'); letter = Must())
            if (letter == '<' || _name.Append((char)letter).Length > LongestName)
                throw Damaged("a '<' that begins no tag");
        Name = _name.ToString();
        IsEmpty = false;
        for (; letter != '>'; letter = Must())
        {
            if (letter is '"' or '\'')
                for (var quote = letter; (letter = Must()) != quote;)
                    if (letter == '<')
                        throw Damaged("a '<' within the value of an attribute");
            IsEmpty = letter == '/';
        }
    }

    private void SkipMarkup()
    {
        switch (Must())
        {
            case '-' when Must() == '-':
                Skip("-->");
                break;
            case '[':
                Skip("]]>");
                break;
            default:
                throw new ImportException($"{path}, line {Line}: it has a document type, which is not read; remove <!DOCTYPE …>.");
        }
    }

    /// <summary>Goes behind an end of two letters or of three, the first two of which are the same.</summary>
    private void Skip(string end)
    {
        var (first, count) = (end[0], end.Length - 1);
        for (int same = 0, letter; ; same = letter == first ? same + 1 : 0)
            if ((letter = Must()) == '>' && same >= count)
                return;
    }

    private int Must() => Take() is >= 0 and var letter ? letter : throw Damaged("the file ends within this tag");

    private int Take()
    {
        if (_at == _end)
        {
            _before += _end;
            (_at, _end) = (0, file.Read(_buffer));
            if (_end == 0)
                return -1;
        }
        var letter = _buffer[_at++];
        if (letter == '\n')
            LineNow++;
        return letter;
    }

    private ImportException Damaged(string what) => new($"{path}, line {Line}: not valid XML: {what}.");
}
