namespace Sclip.Hosting.Messaging;

/// <summary>A broker that does not take a message; the same call may succeed later.</summary>
public sealed class BrokerException(string message, Exception? inner = null) : Exception(message, inner);
