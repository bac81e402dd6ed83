namespace Sclip.Testing.Servers;

/// <summary>A queue of a broker.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Ready">Messages that wait in it.</param>
/// <param name="Unacknowledged">Messages that a consumer has, and has not acknowledged.</param>
/// <param name="Consumers">Who takes from it.</param>
public sealed record QueueCount(string Name, long Ready, long Unacknowledged, long Consumers);
