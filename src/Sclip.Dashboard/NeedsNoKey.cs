namespace Sclip.Dashboard;

/// <summary>Marks an endpoint that all may call, key or not: what a cluster watches the process by.</summary>
public sealed class NeedsNoKey;
