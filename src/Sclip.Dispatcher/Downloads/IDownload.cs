namespace Sclip.Dispatcher.Downloads;

/// <summary>A download that is ready to be sent; what it holds on this machine goes with it.</summary>
internal interface IDownload : IAsyncDisposable
{
    /// <summary>Writes it as a zip file.</summary>
    Task WriteAsync(Stream output, CancellationToken cancellationToken);
}
