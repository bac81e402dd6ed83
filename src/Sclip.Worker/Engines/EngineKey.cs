using Sclip.Contracts;

namespace Sclip.Worker.Engines;

/// <summary>What an engine is loaded of, by ids.</summary>
/// <param name="Model">The model.</param>
/// <param name="Guide">The guide of methods that need one; null without.</param>
internal readonly record struct EngineKey(string Model, string? Guide)
{
    /// <summary>The ids.</summary>
    public IEnumerable<string> Ids => Guide is null ? [Model] : [Model, Guide];

    /// <summary>What failures are booked under: the ids, and with a guide both together.</summary>
    public IEnumerable<string> Names => Guide is null ? [Model] : [Model, Guide, ToString()];

    /// <summary>Reads ids that came with a job; null where one of them is none.</summary>
    public static EngineKey? TryParse(string model, string? guide)
    {
        var (id, other) = (ModelId.TryParse(model), guide is null ? null : ModelId.TryParse(guide));
        return id is null || (guide is not null && other is null) ? null : new(id.ToString(), other?.ToString());
    }

    /// <summary>Reads ids that came with a job.</summary>
    /// <exception cref="JobException">One of them is none.</exception>
    public static EngineKey Parse(string model, string? guide) => new(ModelLocator.Parse(model).ToString(), guide is null ? null : ModelLocator.Parse(guide).ToString());

    /// <inheritdoc />
    public override string ToString() => Guide is null ? Model : $"{Model} with {Guide}";
}
