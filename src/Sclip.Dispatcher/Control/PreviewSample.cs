namespace Sclip.Dispatcher.Control;

/// <summary>Chooses the images of a preview: spread over those that are there, others with each sample, and always the same for one.</summary>
internal static class PreviewSample
{
    /// <summary>Images of a preview.</summary>
    public const int Images = 3;

    /// <summary>Images among which is chosen: a job's first, so that a preview of millions need not list them.</summary>
    public const int LookedAt = 3000;

    /// <summary>The images of a sample, in their order.</summary>
    public static string[] Of(string[] names, int sample)
    {
        if (names.Length <= Images)
            return names;
        var third = names.Length / (double)Images;
        // Steps by the golden ratio meet every part of a third before they come near one twice.
        var offset = (0.5 + sample * 0.6180339887) % 1;
        return [.. Enumerable.Range(0, Images).Select(i => names[(int)((i + offset) * third)]).Distinct(StringComparer.Ordinal)];
    }
}
