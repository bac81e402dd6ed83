using System.Runtime.CompilerServices;
using Xunit.Sdk;
using Xunit.v3;

namespace Sclip.Segmentation.Tests.Torch;

/// <summary>A test of the backend on libtorch; there is none of it where that is not tested (<see cref="Backends.IsLibtorch"/>).</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer(typeof(LibtorchFactDiscoverer))]
internal sealed class LibtorchFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1) : FactAttribute(file, line), ITraitAttribute
{
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Engine", "every")];
}

/// <summary>A theory of the backend on libtorch, likewise.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer(typeof(LibtorchTheoryDiscoverer))]
internal sealed class LibtorchTheoryAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1) : TheoryAttribute(file, line), ITraitAttribute
{
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Engine", "every")];
}

internal sealed class LibtorchFactDiscoverer : FactDiscoverer
{
    public override ValueTask<IReadOnlyCollection<IXunitTestCase>> Discover(ITestFrameworkDiscoveryOptions options, IXunitTestMethod method, IFactAttribute fact) =>
        Backends.IsLibtorch ? base.Discover(options, method, fact) : new([]);
}

internal sealed class LibtorchTheoryDiscoverer : TheoryDiscoverer
{
    public override ValueTask<IReadOnlyCollection<IXunitTestCase>> Discover(ITestFrameworkDiscoveryOptions options, IXunitTestMethod method, IFactAttribute fact) =>
        Backends.IsLibtorch ? base.Discover(options, method, fact) : new([]);
}
