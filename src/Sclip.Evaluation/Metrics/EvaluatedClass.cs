using Sclip.Contracts;

namespace Sclip.Evaluation.Metrics;

/// <summary>A class in a result.</summary>
/// <param name="Id">Its value in the predictions' masks.</param>
/// <param name="Name">Its name; its id where it has none.</param>
/// <param name="Color">Its colour.</param>
public sealed record EvaluatedClass(int Id, string Name, RgbColor Color);
