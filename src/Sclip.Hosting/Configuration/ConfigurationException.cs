namespace Sclip.Hosting.Configuration;

/// <summary>A configuration that the program cannot start with; the message names the key and what to do.</summary>
public sealed class ConfigurationException(string message, Exception? inner = null) : Exception(message, inner);
