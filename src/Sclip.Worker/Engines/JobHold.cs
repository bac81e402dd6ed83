using Sclip.Contracts.Jobs;

namespace Sclip.Worker.Engines;

/// <summary>Why a worker cannot begin a job now, while another may.</summary>
/// <param name="For">What kind of thing is waited for.</param>
/// <param name="Reason">What is waited for, on one line.</param>
public sealed record JobHold(JobWaitKind For, string Reason);
