using Sclip.Imaging;
using Sclip.Segmentation.Attention;
using Sclip.Segmentation.TorchSharp.Algebra;
using Sclip.Segmentation.TorchSharp.Pictures;
using Sclip.Segmentation.TorchSharp.Vision;
using Sclip.Segmentation.Vision;
using static global::TorchSharp.torch;

namespace Sclip.Segmentation.Tests.Torch;

/// <summary>What methods make of a whole picture on a device of libtorch.</summary>
internal static class TorchFeatures
{
    /// <summary>CLS where the method has it, then the patches, <c>[tokens, dimension]</c>.</summary>
    public static float[] Of(ClipModel model, RgbImage picture, IDenseMethod method, LabelEmbeddings labels, string backend)
    {
        // Opened first: it finds libtorch.
        var device = Backends.Device(backend).Device;
        using var scope = NewDisposeScope();
        using var vision = new TorchVision(model.Tensors, model.Config, device, ScalarType.Float32);
        using var pixels = new PicturePixels(model.Normalisation, device);
        var input = new SegmentationInput { Rgb = picture.Pixels, Width = picture.Width, Height = picture.Height, OutputWidth = picture.Width, OutputHeight = picture.Height };
        var planes = pixels.Load(tensor(picture.Pixels, [picture.Height, picture.Width, 3]).to(device), input);
        var window = planes.unsqueeze(0);
        if (method is ILastBlockMethod last)
        {
            using var attention = new TorchAttention(last, model.Config.Vision.Width, model.Tensors, device, ScalarType.Float32);
            return vision.Forward(window, attention, CancellationToken.None).cpu().contiguous().data<float>().ToArray();
        }
        var algebra = new TorchAlgebra(device);
        var blocks = new TorchBlocks(vision, algebra, model.Threads);
        var outputs = vision.Outputs(window, PatchCut.Whole(model.Config.PatchSize), method.Positions, method.Outputs(model.Config.Vision.Layers), CancellationToken.None);
        var found = ((IWindowMethod)method).Features(new WindowTower(
            blocks, model.Config, new(picture.Height, picture.Width), block => algebra.Of(outputs[block][0]), () => planes.cpu().contiguous().data<float>().ToArray())
        {
            Positions = method.Positions,
            GivenNames = algebra.From(labels.Values, labels.ClassOfName.Length, labels.Dimension),
        });
        return [.. found.ClassToken?.ToArray() ?? [], .. found.Patches.ToArray()];
    }
}
