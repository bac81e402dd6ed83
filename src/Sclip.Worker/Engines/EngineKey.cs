namespace Sclip.Worker.Engines;

/// <summary>What an engine is loaded of, by ids.</summary>
/// <param name="Model">The model.</param>
/// <param name="Guide">The guide of methods that need one; null without.</param>
internal readonly record struct EngineKey(string Model, string? Guide)
{
    /// <summary>The ids.</summary>
    public IEnumerable<string> Ids => Guide is null ? [Model] : [Model, Guide];

    /// <summary>Reads ids that came with a job.</summary>
    /// <exception cref="JobException">One of them is none.</exception>
    public static EngineKey Parse(string model, string? guide) => new(ModelLocator.Parse(model).ToString(), guide is null ? null : ModelLocator.Parse(guide).ToString());

    /// <inheritdoc />
    public override string ToString() => Guide is null ? Model : $"{Model} with {Guide}";
}
