namespace Sclip.Contracts.Jobs;

/// <summary>How many windows cover a picture, for the engine that cuts them and for whoever tells before what a job takes.</summary>
public static class WindowCount
{
    /// <summary>Windows of side <paramref name="crop"/> every <paramref name="stride"/> pixels along a side of <paramref name="length"/> pixels, the last one pushed back inside.</summary>
    public static int Along(int length, int crop, int stride) => Math.Max(length - crop + stride - 1, 0) / stride + 1;

    /// <summary>Windows of a picture; crop 0 takes it whole.</summary>
    public static long Of(int width, int height, int crop, int stride) => crop == 0 ? 1 : (long)Along(width, crop, stride) * Along(height, crop, stride);
}
