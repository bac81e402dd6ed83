namespace Sclip.Segmentation.Attention;

/// <summary>The method that a model of another architecture than CLIP's brings along: it runs on such models alone, and no other method does.</summary>
/// <param name="Title">What such a model is called.</param>
/// <param name="ReadsNames">Whether the system scores names itself.</param>
internal sealed record TrainedMethod(string Title, bool ReadsNames) : IDenseMethod
{
    public IReadOnlyList<int> Outputs(int blocks) => [];
}
