namespace Sclip.Dispatcher.Gallery;

/// <summary>The versions of the documents that hold what people made of a shard's images.</summary>
/// <param name="Reviews">The tag of its reviews; null where there are none.</param>
/// <param name="Corrections">The tag of its corrections; null where there are none.</param>
internal readonly record struct MarkTags(string? Reviews, string? Corrections);
