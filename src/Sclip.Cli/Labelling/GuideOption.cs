using Sclip.Contracts.Jobs;

namespace Sclip.Cli.Labelling;

/// <summary>What <c>--guide</c> may name.</summary>
internal static class GuideOption
{
    /// <exception cref="UserException">A method lacks its guide, or none of them takes one.</exception>
    public static void Require(IReadOnlyCollection<string> methods, string? guide)
    {
        if (DenseMethodNames.GuideRefusal(methods, guide) is { } refusal)
            throw new UserException(refusal);
    }
}
