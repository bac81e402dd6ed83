using Sclip.Segmentation;

namespace Sclip.Exploration.Benchmarks;

/// <summary>A configuration that is measured.</summary>
/// <param name="Name">Its name in tables and files.</param>
/// <param name="Options">Method, windows, thresholds and refinement.</param>
public sealed record BenchmarkConfiguration(string Name, SegmentationOptions Options);
