namespace Sclip.Contracts.Board;

/// <summary>Why images of several jobs failed.</summary>
/// <param name="Reason">The reason, as jobs count it: without the images' names.</param>
/// <param name="Images">Images that failed so.</param>
/// <param name="Jobs">Jobs that have such images.</param>
public sealed record FailureSum(string Reason, long Images, int Jobs);
