using System.Collections.Concurrent;
using global::TorchSharp;

namespace Sclip.Segmentation.TorchSharp;

/// <summary>
/// Numbers for TorchSharp, kept as long as the process: it hands the handle of a scalar to libtorch and forgets the scalar, so that a
/// collection during the call may free one that nothing else holds. Those that TorchSharp makes by itself, and conversions to one, are banned
/// (BannedSymbols.txt). There are few: constants, and the numbers of settings.
/// </summary>
internal static class Scalars
{
    private static readonly ConcurrentDictionary<double, Scalar> Reals = [];
    private static readonly ConcurrentDictionary<long, Scalar> Wholes = [];

    /// <summary>The factor of sums.</summary>
    public static Scalar One => Of(1L);

    public static Scalar NegativeInfinity => Of(double.NegativeInfinity);

    public static Scalar Of(double value) => Reals.GetOrAdd(value, number => number.ToScalar());

    public static Scalar Of(long value) => Wholes.GetOrAdd(value, number => number.ToScalar());
}
