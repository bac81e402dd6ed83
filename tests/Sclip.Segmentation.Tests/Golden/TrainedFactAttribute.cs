using System.Runtime.CompilerServices;
using Sclip.Testing;
using Xunit.Sdk;
using Xunit.v3;

namespace Sclip.Segmentation.Tests.GoldenVectors;

/// <summary>A test by the models or vectors of trained systems; there is none of it where <see cref="GoldenSet.Trained"/> lacks one of them, as the part kept in tests/golden does.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer(typeof(TrainedFactDiscoverer))]
internal sealed class TrainedFactAttribute(string system, string? other = null, [CallerFilePath] string? file = null, [CallerLineNumber] int line = -1) : FactAttribute(file, line)
{
    public bool IsThere { get; } = GoldenSet.Trained.Has(system) && (other is null || GoldenSet.Trained.Has(other));
}

/// <summary>A theory by them, likewise; on every engine where it says so, by the trait of EngineTheory.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer(typeof(TrainedTheoryDiscoverer))]
internal sealed class TrainedTheoryAttribute(string system, string? other = null, bool engines = false, [CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
    : TheoryAttribute(file, line), ITraitAttribute
{
    public bool IsThere { get; } = GoldenSet.Trained.Has(system) && (other is null || GoldenSet.Trained.Has(other));

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => engines ? [new("Engine", "every")] : [];
}

internal sealed class TrainedFactDiscoverer : FactDiscoverer
{
    public override ValueTask<IReadOnlyCollection<IXunitTestCase>> Discover(ITestFrameworkDiscoveryOptions options, IXunitTestMethod method, IFactAttribute fact) =>
        ((TrainedFactAttribute)fact).IsThere ? base.Discover(options, method, fact) : new([]);
}

internal sealed class TrainedTheoryDiscoverer : TheoryDiscoverer
{
    public override ValueTask<IReadOnlyCollection<IXunitTestCase>> Discover(ITestFrameworkDiscoveryOptions options, IXunitTestMethod method, IFactAttribute fact) =>
        ((TrainedTheoryAttribute)fact).IsThere ? base.Discover(options, method, fact) : new([]);
}
