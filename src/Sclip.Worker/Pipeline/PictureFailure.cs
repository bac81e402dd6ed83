namespace Sclip.Worker.Pipeline;

/// <summary>Why a picture cannot be labelled.</summary>
/// <param name="Reason">One of <see cref="Contracts.FailureReasons"/>.</param>
/// <param name="Error">The message for people.</param>
public sealed record PictureFailure(string Reason, string Error);
