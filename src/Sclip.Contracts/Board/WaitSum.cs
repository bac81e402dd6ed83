using Sclip.Contracts.Jobs;

namespace Sclip.Contracts.Board;

/// <summary>What several jobs wait for.</summary>
/// <param name="Reason">The reason in words, <c>JOB</c> where each job's would name its own.</param>
/// <param name="For">What kind of thing that is; null where that is not known.</param>
/// <param name="Jobs">Jobs that wait for it.</param>
/// <param name="ImagesLeft">Their images that have no result.</param>
public sealed record WaitSum(string Reason, JobWaitKind? For, int Jobs, long ImagesLeft);
