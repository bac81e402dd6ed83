using System.Collections.Concurrent;
using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation.Vision;

/// <summary>Pixels to tokens: normalised, cut into patches, which may overlap, each patch a row of a matrix product; CLS and positions added.</summary>
internal sealed unsafe class PatchEmbedding : IDisposable
{
    private const int MostResized = 16;

    private readonly ClipConfig _config;
    private readonly PackedMatrix _weight;
    private readonly float[] _class;
    private readonly float[] _positions;
    private readonly float[] _normalised = new float[3 * 256];
    private readonly ConcurrentDictionary<(int Height, int Width, PositionResizing Resizing), float[]> _resized = [];

    public PatchEmbedding(SafeTensors tensors, ClipConfig config, PixelNormalisation normalisation)
    {
        _config = config;
        for (var i = 0; i < _normalised.Length; i++)
            _normalised[i] = normalisation.Apply(i / 256, i % 256);
        var (width, patch, grid) = (config.Vision.Width, config.PatchSize, config.NativeGrid);
        const string Prefix = "vision_model.embeddings";
        _class = tensors.Read($"{Prefix}.class_embedding", width);
        _weight = new PackedMatrix(3 * patch * patch, width, GemmKernel.Best);
        _weight.SetColumns(0, tensors.Read($"{Prefix}.patch_embedding.weight", width, 3, patch, patch));
        _positions = tensors.Read($"{Prefix}.position_embedding.weight", 1 + grid * grid, width);
    }

    /// <summary>x[R, W] = tokens; pixels[R, 3 * patch * patch] is working memory.</summary>
    public void Embed(ReadOnlyMemory<PixelWindow> windows, TokenBatch batch, float* pixels, float* x, Threads threads)
    {
        var depth = _weight.K;
        threads.For(batch.Count, (i, _) => Gather(windows.Span[i], batch, i, pixels + (nint)batch.FirstRow(i) * depth));
        Embed(batch, pixels, x, threads);
    }

    /// <summary>The same of one window of pixels that are normalised already, <c>[3, *, pictureWidth]</c>.</summary>
    public void Embed(float[] planes, TokenBatch batch, int pictureWidth, float* pixels, float* x, Threads threads)
    {
        var depth = _weight.K;
        new Span<float>(pixels, depth).Clear();
        var (gridHeight, gridWidth) = (batch.GridHeight(0), batch.GridWidth(0));
        PatchPixels.Gather(planes, pictureWidth, gridHeight, gridWidth, batch.Patches, new Span<float>(pixels + depth, checked(gridHeight * gridWidth * depth)));
        Embed(batch, pixels, x, threads);
    }

    private void Embed(TokenBatch batch, float* pixels, float* x, Threads threads)
    {
        var (width, depth) = (_config.Vision.Width, _weight.K);
        Gemm.Multiply(pixels, depth, batch.Rows, _weight, x, width, null, Epilogue.None, threads);
        for (var i = 0; i < batch.Count; i++)
        {
            var tokens = x + (nint)batch.FirstRow(i) * width;
            // CLS has no pixels: its row of the product is that of whatever was gathered there, and is replaced.
            _class.CopyTo(new Span<float>(tokens, width));
            fixed (float* positions = PositionsOf(batch.GridHeight(i), batch.GridWidth(i), batch.Positions))
                Elementwise.Add(tokens, positions, batch.Tokens(i) * width);
        }
    }

    public void Dispose() => _weight.Dispose();

    /// <summary>Rows of [3, patch, patch] normalised pixels, behind a row of zeros for CLS.</summary>
    private void Gather(PixelWindow window, TokenBatch batch, int index, float* rows)
    {
        var (patch, step, depth) = (_config.PatchSize, batch.Patches.Step, _weight.K);
        var rgb = window.Rgb.Span;
        new Span<float>(rows, depth).Clear();
        rows += depth;
        for (var gridY = 0; gridY < batch.GridHeight(index); gridY++)
        {
            for (var gridX = 0; gridX < batch.GridWidth(index); gridX++, rows += depth)
            {
                for (var y = 0; y < patch; y++)
                {
                    var source = rgb.Slice(((window.Y + gridY * step + y) * window.PictureWidth + window.X + gridX * step) * 3, patch * 3);
                    var target = rows + y * patch;
                    for (var pixel = 0; pixel < patch; pixel++)
                    {
                        target[pixel] = _normalised[source[pixel * 3]];
                        target[patch * patch + pixel] = _normalised[256 + source[pixel * 3 + 1]];
                        target[2 * patch * patch + pixel] = _normalised[512 + source[pixel * 3 + 2]];
                    }
                }
            }
        }
    }

    private float[] PositionsOf(int gridHeight, int gridWidth, PositionResizing resizing)
    {
        if (PositionGrid.IsNative(_config, gridHeight, gridWidth, resizing))
            return _positions;
        // Whole pictures as windows come in many sizes, and their positions are as large as their tokens.
        if (_resized.Count >= MostResized)
            _resized.Clear();
        return _resized.GetOrAdd((gridHeight, gridWidth, resizing), grid => PositionGrid.Resize(_positions, _config, grid.Height, grid.Width, grid.Resizing));
    }
}
