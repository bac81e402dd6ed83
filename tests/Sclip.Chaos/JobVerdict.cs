using Sclip.Contracts;

namespace Sclip.Chaos;

/// <summary>What a look at a complete job found.</summary>
/// <param name="Results">Its results.</param>
/// <param name="Problems">What is wrong; empty where nothing is.</param>
internal sealed record JobVerdict(IReadOnlyList<ImageResult> Results, IReadOnlyList<string> Problems);
