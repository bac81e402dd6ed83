using System.Runtime.CompilerServices;
using Xunit.v3;

namespace Sclip.Segmentation.Tests;

/// <summary>A theory on <see cref="Backends.Names"/>: tools/test-libtorch runs those that have the trait again, on libtorch.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class EngineTheoryAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1) : TheoryAttribute(file, line), ITraitAttribute
{
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Engine", "every")];
}
