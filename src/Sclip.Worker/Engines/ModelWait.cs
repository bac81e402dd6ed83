namespace Sclip.Worker.Engines;

/// <summary>A model that a worker waits for.</summary>
/// <param name="Model">Its id.</param>
/// <param name="Reason">What jobs wait for, and why, on one line.</param>
/// <param name="Since">When the worker first wanted it in vain.</param>
public sealed record ModelWait(string Model, string Reason, DateTimeOffset Since);
