namespace Sclip.Segmentation;

/// <summary>Kinds of vision transformers that can guide a method, by the Hugging Face classes that save them.</summary>
public enum GuideKind
{
    /// <summary>ViTModel: DINO (arXiv 2104.14294), and others of its form.</summary>
    Vit,

    /// <summary>Dinov2Model: DINOv2 (arXiv 2304.07193).</summary>
    Dinov2,

    /// <summary>Dinov2WithRegistersModel: DINOv2 with register tokens (arXiv 2309.16588).</summary>
    Dinov2WithRegisters,
}
