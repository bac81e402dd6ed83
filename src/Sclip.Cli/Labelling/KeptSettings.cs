using System.Text.Json.Nodes;
using Sclip.Contracts.Jobs;
using Sclip.Storage.Folders;

namespace Sclip.Cli.Labelling;

/// <summary>Checks the settings of a folder with kept features, as far as a run over those takes them from there.</summary>
internal static class KeptSettings
{
    /// <summary>How the features are kept; null where the settings keep none.</summary>
    /// <exception cref="FolderException">A value is missing, or none that a run writes.</exception>
    public static string? Encoding(string folder, JsonObject settings)
    {
        if (settings["keep_features"] is null)
            return null;
        var encoding = Text("keep_features");
        Require("keep_features", SettingRanges.KeepFeatures(encoding));
        Text("model");
        Text("method");
        foreach (var key in (string[])["model_name", "projection", "guide", "guide_name", "precision"])
            if (settings[key] is not null)
                Text(key);
        Require("short_side", SettingRanges.ShortSide(Pixels("short_side")));
        Require("crop", SettingRanges.Windows(Pixels("crop"), Pixels("crop")));
        Require("stride", SettingRanges.Windows(Pixels("crop"), Pixels("stride")));
        if (settings["patch_stride"] is not null)
            Require("patch_stride", SettingRanges.PatchStride(Pixels("patch_stride")));
        return encoding;

        string Text(string key) => Value<string>(key, "text");

        int Pixels(string key) => Value<int>(key, "whole number of pixels");

        T Value<T>(string key, string kind) => settings[key] switch
        {
            null => throw FolderMarkers.Damaged(folder, $"settings.{key} is not set."),
            JsonValue node when node.TryGetValue(out T? value) => value,
            _ => throw FolderMarkers.Damaged(folder, $"settings.{key} is no {kind}."),
        };

        void Require(string key, string? refusal)
        {
            if (refusal is not null)
                throw FolderMarkers.Damaged(folder, $"settings.{key}: {refusal}");
        }
    }
}
