using Sclip.Contracts;
using Sclip.Evaluation.Predictions;

namespace Sclip.Workbench.Sessions;

/// <summary>Ground truth of some of a session's pictures. Its classes are matched with those that are typed by name.</summary>
/// <param name="Masks">Their label maps.</param>
/// <param name="Classes">The classes of their values.</param>
/// <param name="Void">The value of pixels that do not count; null counts all.</param>
public sealed record SessionTruth(IGroundTruth Masks, IReadOnlyList<LabelClass> Classes, int? Void);
