namespace Sclip.Segmentation.Attention;

/// <summary>Blocks that papers name by number, of the twelve of ViT-B: in deeper models, for which their code names none, those at the same fraction of the depth.</summary>
internal static class NumberedBlocks
{
    private const int OfPapers = 12;

    /// <summary>The block of a model that stands for the block of this number.</summary>
    public static int Of(int number, int blocks) => (2 * number * blocks + OfPapers) / (2 * OfPapers);

    /// <summary>Why a model is too shallow, to follow the method's name; null where it is deep enough.</summary>
    public static string? Refusal(ClipConfig config) => config.Vision.Layers < OfPapers
        ? $"combines blocks by their numbers among {OfPapers}, which a model of {config.Vision.Layers} does not tell apart; it takes models of {OfPapers} blocks or more, such as ViT-B, ViT-L and ViT-H."
        : null;
}
