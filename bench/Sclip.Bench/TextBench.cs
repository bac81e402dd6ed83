using System.Diagnostics;
using System.Globalization;
using Sclip.Labels;
using Sclip.Segmentation;
using Sclip.Segmentation.Text;

namespace Sclip.Bench;

/// <summary>Seconds for the label embeddings of 171 classes in 80 templates, and how many tokens the prefix tree saves.</summary>
internal static class TextBench
{
    private const int Classes = 171;

    public static void Run(string model, int threads)
    {
        using var clip = ClipModel.Load(model, threads);
        var labels = LabelSet.Load(string.Join(',', Enumerable.Range(1, Classes).Select(i => $"a number {i}")));
        var prompts = PromptTemplates.ImageNet.Texts
            .SelectMany(template => labels.Classes.Select(item => clip.Tokenizer.Tokenize(template.Replace("{}", item.Name, StringComparison.Ordinal)).Ids)).ToArray();
        var start = Stopwatch.GetTimestamp();
        clip.EmbedLabels(labels, PromptTemplates.ImageNet, cacheDirectory: null);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            {prompts.Length} prompts of {prompts.Average(prompt => prompt.Length):F1} tokens each, {threads} threads, the text tower's loading included
            {seconds:F1} s; {prompts.Sum(prompt => (long)prompt.Length)} tokens in all, {PrefixTree.Of(prompts).Count} distinct prefixes
            """));
    }
}
