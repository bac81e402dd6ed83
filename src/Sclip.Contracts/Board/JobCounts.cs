namespace Sclip.Contracts.Board;

/// <summary>How many jobs stand how.</summary>
/// <param name="Planning">Whose images are being listed.</param>
/// <param name="Waiting">That wait.</param>
/// <param name="Running">That workers are at.</param>
/// <param name="Completed">That have all results.</param>
/// <param name="Failed">That no worker can do.</param>
/// <param name="Cancelled">That were cancelled.</param>
public sealed record JobCounts(int Planning, int Waiting, int Running, int Completed, int Failed, int Cancelled);
