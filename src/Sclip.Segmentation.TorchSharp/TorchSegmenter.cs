using System.Runtime.InteropServices;
using Sclip.Segmentation.Attention;
using Sclip.Segmentation.Guides;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Refinement;
using Sclip.Segmentation.Systems;
using Sclip.Segmentation.TorchSharp.Algebra;
using Sclip.Segmentation.TorchSharp.Pictures;
using Sclip.Segmentation.TorchSharp.PostProcessing;
using Sclip.Segmentation.TorchSharp.Vision;
using static global::TorchSharp.torch;

namespace Sclip.Segmentation.TorchSharp;

/// <summary>
/// The engine on libtorch: from decoded bytes to the label map on the device; label maps, counts and confidences alone come back. One
/// caller at a time. The windows of a forward pass are the device's matter: <see cref="SegmentationOptions.Batch"/> does not count.
/// </summary>
public sealed partial class TorchSegmenter : ISegmenter
{
    // A picture of the usual size has six windows; two passes a call keep the device busy while results are taken over.
    private const int UsualWindows = 6;
    private const int MostPictures = 64;

    private readonly ClipModel _model;
    private readonly TorchDevice _device;
    private readonly ScalarType _type;
    private readonly TorchAlgebra _algebra;
    private readonly Threads _host;

    // Of CLIP, or of a model that brings its own method along.
    private readonly TorchVision? _vision;
    private readonly TorchBlocks? _blocks;
    private readonly ITrainedSystem? _trained;
    private readonly GuideTransformer? _guide;
    private readonly PicturePixels _pixels;
    private readonly PictureUpload _upload;
    private readonly Dictionary<string, DeviceMethod> _methods = [];
    private readonly WindowBudget _budget;
    private TorchLabels? _labels;

    /// <summary>Brings a model to a device.</summary>
    /// <param name="model">The model; it stays the caller's. It need not have been packed for the managed engine.</param>
    /// <param name="device">The device.</param>
    /// <param name="options">How it computes.</param>
    /// <exception cref="DeviceException">The model does not fit into the device's memory.</exception>
    /// <exception cref="ModelFormatException">Weights are missing or corrupt.</exception>
    public TorchSegmenter(ClipModel model, TorchDevice device, TorchOptions options)
    {
        (_model, _device, _algebra) = (model, device, new TorchAlgebra(device.Device));
        // Its own: those of the model may be at work for the segmenter of another device.
        _host = new Threads(model.Threads.Count);
        Precision = options.Precision ?? device.DefaultPrecision;
        _type = Precision switch
        {
            EnginePrecision.BFloat16 => ScalarType.BFloat16,
            EnginePrecision.Float16 => ScalarType.Float16,
            _ => ScalarType.Float32,
        };
        if (device.Context is null)
            set_num_threads(model.Threads.Count);
        try
        {
            using var _ = NewDisposeScope();
            var layers = new TorchLayers(device.Device, _type);
            if (model.Config.Trained is { } trained)
                _trained = trained.Load(new SystemLayers(model.Tensors, layers), model.Config);
            else
                _blocks = new TorchBlocks(_vision = new TorchVision(model.Tensors, model.Config, device.Device, _type), _algebra, _host);
            _guide = model.Guide is { } guide ? new GuideTransformer(guide, model.Normalisation, layers) : null;
            _pixels = new PicturePixels(model.Normalisation, device.Device);
        }
        catch (Exception error)
        {
            _host.Dispose();
            _vision?.Dispose();
            _trained?.Dispose();
            _guide?.Dispose();
            if (error is not ExternalException)
                throw;
            throw new DeviceException(
                TorchFault.IsOutOfMemory(error)
                    ? $"{device.Name}: the model does not fit into the device's memory, of which {device.FreeBytes >> 20} MiB are free now; use a smaller model, a lower precision (--precision bf16), another device, or end what else runs on it."
                    : $"{device.Name} ({device.Description}) does not take the model: {TorchFault.FirstLine(error)}", error);
        }
        _upload = new PictureUpload(device);
        _budget = new WindowBudget(options.Batch ?? BatchPlan.Windows(model.Config, Precision, device));
        TorchMetrics.Report(device);
    }

    /// <inheritdoc />
    public bool ResizesPictures => true;

    /// <inheritdoc />
    public EnginePrecision Precision { get; }

    /// <inheritdoc />
    public int PicturesAtOnce => Math.Clamp(2 * Batch / UsualWindows, 1, MostPictures);

    /// <summary>Most windows of a forward pass; fewer are taken after the device's memory was too small for as many.</summary>
    public int Batch => _budget.Most;

    /// <summary>Told of the windows of each forward pass before it; tests let it fail as a device does.</summary>
    internal Action<int>? BeforeForward { get; init; }

    /// <inheritdoc />
    public void Require(SegmentationOptions options, bool keepsFeatures) => options.Validate(_model, keepsFeatures);

    /// <inheritdoc />
    public IReadOnlyList<SegmentationResult> Segment(
        IReadOnlyList<SegmentationInput> pictures, LabelEmbeddings labels, SegmentationOptions options, CancellationToken cancellationToken = default)
    {
        options.Validate();
        SegmentationChecks.Labels(labels, _model.Config, options);
        if (Method(options.Method).Method is { ReadsNames: true } or { FindsRegions: true } && pictures.Any(picture => picture.Features is not null))
            throw new SegmentationException(DenseMethods.NoFeatures(options.Method));
        foreach (var picture in pictures)
            Check(picture, options);
        var results = new List<SegmentationResult>(pictures.Count);
        PictureGroup? previous = null;
        try
        {
            for (var first = 0; first < pictures.Count;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var count = CountOfGroup(pictures, first, options);
                // What was given to the device before is taken over only now, so that it computes while this group is prepared.
                if (TryCompute(pictures.Skip(first).Take(count).ToArray(), labels, options, cancellationToken) is not { } group)
                    continue;
                (var done, previous) = (previous, group);
                first += count;
                Take(done, results);
            }
            (var last, previous) = (previous, null);
            Take(last, results);
            return results;
        }
        catch (ExternalException error) when (TorchFault.IsLost(error))
        {
            throw new DeviceLostException($"{_device.Name} ({_device.Description}) failed: {TorchFault.FirstLine(error)}", error);
        }
        catch (DeviceLostException error)
        {
            throw new DeviceLostException($"{_device.Name} ({_device.Description}) failed: {error.Message}", error);
        }
        finally
        {
            previous?.Dispose();
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var method in _methods.Values)
            method.Attention?.Dispose();
        _methods.Clear();
        _labels?.Dispose();
        _upload.Dispose();
        _pixels.Dispose();
        _guide?.Dispose();
        _trained?.Dispose();
        _vision?.Dispose();
        _host.Dispose();
    }

    private static void Take(PictureGroup? group, List<SegmentationResult> results)
    {
        if (group is null)
            return;
        using (group)
            results.AddRange(group.Read());
    }

    private void Check(SegmentationInput picture, SegmentationOptions options)
    {
        var (height, width) = SizeOf(picture);
        var most = options.Crop > 0 ? options.Crop : int.MaxValue;
        foreach (var patches in (PatchCut[])[PatchCut.OfTokens(_model, options), PatchCut.OfFeatures(_model, options)])
        {
            SegmentationChecks.Picture(height, width, patches.Size);
            SegmentationChecks.Window(Math.Min(height, most), Math.Min(width, most), patches);
        }
        if (options.PamrSteps > 0)
            Pamr.CheckSize(picture.OutputHeight, picture.OutputWidth, options.PamrDilations.Count);
    }

    private PictureGroup Compute(SegmentationInput[] pictures, LabelEmbeddings labels, SegmentationOptions options, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var (method, names) = (Method(options.Method), Labels(labels));
        var clock = new StageClock(_device);
        try
        {
            Tensor[] planes;
            try
            {
                var bytes = _upload.Upload(pictures);
                clock.End("upload");
                planes = [.. pictures.Zip(bytes, (picture, rgb) => _pixels.Load(rgb, picture))];
            }
            finally
            {
                _upload.Release();
            }
            clock.End("prepare");
            var areScores = _trained is IScoringSystem;
            var open = pictures.Zip(planes, (picture, pixels) => new OpenPicture(picture, pixels, names.Names, PatchCut.OfFeatures(_model, options), options, areScores)).ToArray();
            foreach (var batch in Batches(open))
                Forward(batch, method, names, options, cancellationToken);
            if (method.Method is IPictureMethod together)
                foreach (var picture in open)
                    AddTogether(picture, together, names, PatchCut.OfFeatures(_model, options), cancellationToken);
            clock.End("forward");
            var mapper = new TorchLabelMapper(names, options, areScores, _device.Device, _host, cancellationToken);
            var mapped = open.Select(picture => mapper.Map(picture.Average(), picture.Input, picture.Regions, () => picture.Pixels)).ToArray();
            clock.End("label");
            return new PictureGroup(pictures, [.. open.Select(picture => picture.Windows.Length)], mapped, labels, _device, clock);
        }
        catch
        {
            clock.Dispose();
            throw;
        }
    }

    private TorchLabels Labels(LabelEmbeddings labels)
    {
        if (_labels is { } known && ReferenceEquals(known.Source, labels))
            return known;
        _labels?.Dispose();
        _labels = null;
        return _labels = new TorchLabels(labels, _device.Device);
    }
}
