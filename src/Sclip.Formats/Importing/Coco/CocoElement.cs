using System.Text.Json;

namespace Sclip.Formats.Importing.Coco;

/// <summary>What a scan takes of one object of <c>images</c> or <c>annotations</c>, field by field.</summary>
internal struct CocoElement
{
    /// <summary>Where the object begins in the file.</summary>
    public long Offset;

    /// <summary>The id of the picture: its own, or that of an annotation's.</summary>
    public string? Picture;

    public string? Name, Address, Category;
    public long? Width, Height;
    public bool IsCrowd, IsSegmented, HasSegments, HasBox, HasKeypoints, HasCaption;

    private Field _field;

    private enum Field
    {
        Other,
        Id,
        Name,
        Address,
        Width,
        Height,
        Picture,
        Category,
        IsCrowd,
        Segmentation,
        Segments,
        Box,
        Keypoints,
        Caption,
    }

    /// <summary>Takes a token of the object itself: the name of a field, or a field's value, of which arrays and objects come as their first and last token.</summary>
    public void Take(ref Utf8JsonReader reader, bool isImage)
    {
        if (reader.TokenType == JsonTokenType.PropertyName)
            _field = isImage ? FieldOfImage(ref reader) : FieldOfAnnotation(ref reader);
        else if (_field != Field.Other)
            TakeValue(ref reader);
    }

    /// <summary>Takes a token within a field's array or object.</summary>
    public void TakeWithin() => IsSegmented |= _field == Field.Segmentation;

    private static Field FieldOfImage(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("id"u8) ? Field.Id : reader.ValueTextEquals("file_name"u8) ? Field.Name : reader.ValueTextEquals("coco_url"u8) ? Field.Address
            : reader.ValueTextEquals("width"u8) ? Field.Width : reader.ValueTextEquals("height"u8) ? Field.Height : Field.Other;

    private static Field FieldOfAnnotation(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("image_id"u8) ? Field.Picture : reader.ValueTextEquals("category_id"u8) ? Field.Category : reader.ValueTextEquals("iscrowd"u8) ? Field.IsCrowd
            : reader.ValueTextEquals("segmentation"u8) ? Field.Segmentation : reader.ValueTextEquals("segments_info"u8) ? Field.Segments : reader.ValueTextEquals("bbox"u8) ? Field.Box
            : reader.ValueTextEquals("keypoints"u8) ? Field.Keypoints : reader.ValueTextEquals("caption"u8) ? Field.Caption : Field.Other;

    private void TakeValue(ref Utf8JsonReader reader)
    {
        switch (_field)
        {
            case Field.Id or Field.Picture:
                Picture = JsonValues.Id(ref reader);
                break;
            case Field.Category:
                Category = JsonValues.Id(ref reader);
                break;
            case Field.Name when reader.TokenType == JsonTokenType.String:
                Name = PictureNames.Clean(reader.GetString()!);
                break;
            case Field.Address when reader.TokenType == JsonTokenType.String:
                Address = reader.GetString();
                break;
            case Field.Width:
                Width = JsonValues.Whole(ref reader);
                break;
            case Field.Height:
                Height = JsonValues.Whole(ref reader);
                break;
            case Field.IsCrowd:
                IsCrowd = reader.TokenType == JsonTokenType.True || JsonValues.Whole(ref reader) is not (null or 0);
                break;
            case Field.Segments:
                HasSegments = true;
                break;
            case Field.Segmentation:
                // An array is one by what is in it.
                IsSegmented |= reader.TokenType is not (JsonTokenType.Null or JsonTokenType.StartArray or JsonTokenType.EndArray);
                break;
            case Field.Box:
                HasBox = true;
                break;
            case Field.Keypoints:
                HasKeypoints = true;
                break;
            case Field.Caption:
                HasCaption = true;
                break;
        }
    }
}
