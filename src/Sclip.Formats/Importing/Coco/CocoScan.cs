using System.Runtime.InteropServices;
using System.Text.Json;
using Sclip.Contracts.Jobs;
using Sclip.Imaging;

namespace Sclip.Formats.Importing.Coco;

/// <summary>Goes through a COCO file: takes its pictures, and where its categories and annotations lie. Pictures, categories and annotations may stand in any order.</summary>
internal sealed class CocoScan(string path) : IJsonVisitor
{
    private readonly Dictionary<string, int> _numberOfId = new(StringComparer.Ordinal);
    private readonly Dictionary<int, int> _pictureOfNumber = [];
    private readonly List<CocoPlace> _places = [];
    private readonly HashSet<Section> _seen = [];
    private Section _section;
    private CocoElement _element;

    private enum Section
    {
        Other,
        Images,
        Annotations,
        Categories,
    }

    /// <summary>The pictures, in the file's order.</summary>
    public List<CocoPicture> Pictures { get; } = [];

    /// <summary>Where its categories lie.</summary>
    public List<CocoPlace> Categories { get; } = [];

    /// <summary>The ids of categories that annotations have.</summary>
    public HashSet<string> AnnotatedCategories { get; } = new(StringComparer.Ordinal);

    /// <summary>Annotations with a segmentation.</summary>
    public long Segmented { get; private set; }

    /// <summary>Annotations with a list of segments, as panoptic files have them.</summary>
    public long Panoptic { get; private set; }

    /// <summary>Annotations without either.</summary>
    public long Unsegmented { get; private set; }

    /// <summary>Whether annotations have captions, keypoints, boxes.</summary>
    public (bool Captions, bool Keypoints, bool Boxes) Has { get; private set; }

    /// <summary>Annotations of pictures that the file does not list.</summary>
    public long Strangers { get; private set; }

    /// <summary>An id of such a picture.</summary>
    public string? Stranger { get; private set; }

    public bool Visit(ref Utf8JsonReader reader, long offset)
    {
        switch (reader.CurrentDepth)
        {
            case 1 when reader.TokenType == JsonTokenType.PropertyName:
                _section = reader.ValueTextEquals("images"u8) ? Section.Images : reader.ValueTextEquals("annotations"u8) ? Section.Annotations
                    : reader.ValueTextEquals("categories"u8) ? Section.Categories : Section.Other;
                if (_section != Section.Other && !_seen.Add(_section))
                    throw new ImportException($"{path}: '{Name(_section)}' is there twice.");
                break;
            case 1 when _section != Section.Other && reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.EndArray):
                throw new ImportException($"{path}: '{Name(_section)}' must be an array.");
            case 2 when _section != Section.Other:
                if (reader.TokenType == JsonTokenType.StartObject)
                    _element = new CocoElement { Offset = offset };
                else if (reader.TokenType == JsonTokenType.EndObject)
                    End(offset + 1);
                else
                    throw new ImportException($"{path}: what begins at byte {offset + 1}, in '{Name(_section)}', must be an object.");
                break;
            case 3 when _section is Section.Images or Section.Annotations:
                _element.Take(ref reader, isImage: _section == Section.Images);
                break;
            case 4 when _section == Section.Annotations:
                _element.TakeWithin();
                break;
        }
        return true;
    }

    /// <summary>Goes through a file.</summary>
    /// <exception cref="ImportException">It is damaged, or no COCO file of masks.</exception>
    public static CocoScan Of(string path, ImageLimits limits, CancellationToken cancellationToken)
    {
        var scan = new CocoScan(path);
        JsonFile.Read(path, scan, limits, cancellationToken);
        scan.Check();
        return scan;
    }

    /// <summary>Sees whether it is a COCO file of masks.</summary>
    private void Check()
    {
        foreach (var section in (Section[])[Section.Images, Section.Annotations, Section.Categories])
            if (!_seen.Contains(section) && !(section == Section.Categories && Has.Captions))
                throw new ImportException($"{path}: it has no '{Name(section)}', which COCO's annotation files have{(section == Section.Images ? ": give the file that lists the pictures" : "")}.");
        if (Segmented + Panoptic > 0 || Unsegmented == 0)
            return;
        var what = Has.Captions ? "captions" : Has.Keypoints ? "keypoints" : Has.Boxes ? "boxes" : "categories";
        throw new ImportException($"{path} holds {what} only, and no segmentation: no pixels can be told from it.");
    }

    /// <summary>Where the annotations lie, by picture; of each the crowds first.</summary>
    public List<CocoPlace> Sorted()
    {
        var places = CollectionsMarshal.AsSpan(_places);
        var known = 0;
        foreach (var place in places)
            if (_pictureOfNumber.TryGetValue(place.Picture, out var picture))
                places[known++] = place with { Picture = picture };
            else
            {
                Strangers++;
                Stranger ??= _numberOfId.First(item => item.Value == place.Picture).Key;
            }
        places[..known].Sort((a, b) => (a.Picture, !a.IsCrowd, a.Offset).CompareTo((b.Picture, !b.IsCrowd, b.Offset)));
        _places.RemoveRange(known, _places.Count - known);
        return _places;
    }

    private static string Name(Section section) => section.ToString().ToLowerInvariant();

    private void End(long end)
    {
        if (end - _element.Offset > int.MaxValue)
            throw new ImportException($"{path}: what begins at byte {_element.Offset + 1}, in '{Name(_section)}', is larger than {int.MaxValue} bytes.");
        var place = new CocoPlace(_element.Offset, (int)(end - _element.Offset));
        if (_section == Section.Categories)
            Categories.Add(place);
        else if (_element.Picture is not { } id)
            throw new ImportException($"{path}: what begins at byte {place.Offset + 1}, in '{Name(_section)}', has no {(_section == Section.Images ? "id" : "image_id")}.");
        else if (_section == Section.Images)
            AddPicture(id);
        else
            AddAnnotation(place, id);
    }

    private void AddPicture(string id)
    {
        var name = _element.Name ?? (_element.Address is { } address ? PictureNames.OfAddress(address) : null);
        if (string.IsNullOrEmpty(name))
            throw new ImportException($"{path}: image {JobNames.Shown(id)} has no file_name.");
        if (!_pictureOfNumber.TryAdd(NumberOf(id), Pictures.Count))
            throw new ImportException($"{path}: the image id {JobNames.Shown(id)} is there twice.");
        Pictures.Add(new CocoPicture(name, _element.Width, _element.Height));
    }

    private void AddAnnotation(CocoPlace place, string id)
    {
        Has = (Has.Captions || _element.HasCaption, Has.Keypoints || _element.HasKeypoints, Has.Boxes || _element.HasBox);
        if (_element.HasSegments)
            Panoptic++;
        else if (_element.IsSegmented)
            Segmented++;
        else
        {
            Unsegmented++;
            return;
        }
        if (_element.Category is { } category)
            AnnotatedCategories.Add(category);
        _places.Add(place with { Picture = NumberOf(id), IsCrowd = _element.IsCrowd });
    }

    private int NumberOf(string id)
    {
        if (_numberOfId.TryGetValue(id, out var number))
            return number;
        _numberOfId.Add(id, _numberOfId.Count);
        return _numberOfId.Count - 1;
    }
}
