using System.Text.Json.Nodes;
using Sclip.Contracts.Jobs;
using Sclip.Labels;
using Sclip.Segmentation;
using Sclip.Worker.Engines;
using Sclip.Worker.Pipeline;

namespace Sclip.Cli.Labelling;

/// <summary>The settings document: everything that masks depend on.</summary>
/// <remarks>Once written, the names of settings stay: folders of earlier versions are compared by them.</remarks>
internal static class RunSettings
{
    public static JsonObject Describe(ClipModel model, string modelName, string? guideName, LabelSet labels, PromptTemplates templates, PipelineOptions options, IEngineDevice device) => new()
    {
        ["model"] = model.Fingerprint,
        ["model_name"] = modelName,
        // All that compute in fp32 give the same labels, but for near-ties.
        ["precision"] = device.Precision == EnginePrecision.Float32 ? null : device.Precision.ToString(),
        ["method"] = options.Segmentation.Method,
        ["projection"] = DenseMethods.ProjectionFingerprint(options.Segmentation.Method),
        ["guide"] = DenseMethods.GuideFingerprint(options.Segmentation.Method, model),
        ["guide_name"] = guideName,
        ["labels"] = new JsonArray([.. labels.Classes.Select(item => new JsonObject
        {
            ["name"] = item.Name,
            ["synonyms"] = new JsonArray([.. item.Synonyms.Select(name => JsonValue.Create(name))]),
            ["color"] = item.Color?.ToString(),
        })]),
        // Without thresholds masks do not depend on it, and what is written is what runs before there was a rule wrote: the class marked, else the first.
        ["background"] = SettingRanges.NeedsBackground(options.Segmentation.ProbabilityThreshold, options.Segmentation.AreaThreshold)
            ? labels.BackgroundClass : labels.Classes.Index().FirstOrDefault(item => item.Item.Background).Index,
        ["templates"] = new JsonArray([.. templates.Texts.Select(text => JsonValue.Create(text))]),
        ["short_side"] = options.ShortSide,
        ["crop"] = options.Segmentation.Crop,
        ["stride"] = options.Segmentation.Stride,
        ["patch_stride"] = options.Segmentation.PatchStride is { } step && step != model.Config.PatchSize ? step : null,
        ["logit_scale"] = options.Segmentation.LogitScale,
        ["prob_threshold"] = options.Segmentation.ProbabilityThreshold,
        ["area_threshold"] = options.Segmentation.AreaThreshold,
        ["pamr_steps"] = options.Segmentation.PamrSteps,
        ["pamr_dilations"] = options.Segmentation.PamrSteps == 0 ? null : string.Join(',', options.Segmentation.PamrDilations),
    };
}
