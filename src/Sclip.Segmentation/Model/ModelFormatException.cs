namespace Sclip.Segmentation;

/// <summary>A model directory that is missing, incomplete or corrupt; the message names the file and what is wrong with it.</summary>
public sealed class ModelFormatException(string message, Exception? inner = null) : Exception(message, inner);
