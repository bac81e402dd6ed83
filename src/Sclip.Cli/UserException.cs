namespace Sclip.Cli;

/// <summary>A command that cannot run as it was given; the message says what to do.</summary>
internal class UserException(string message, Exception? inner = null) : Exception(message, inner);
