namespace Sclip.Segmentation.PostProcessing;

/// <summary>Rows that a map lends: given back once, by whoever disposes of the loan, however often.</summary>
internal sealed class LogitRowsLoan(LogitMap logits, LogitRows rows) : IDisposable
{
    private LogitRows? _rows = rows;

    public LogitRows Rows => _rows ?? throw new ObjectDisposedException(nameof(LogitRowsLoan));

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _rows, null) is { } rows)
            logits.Return(rows);
    }
}
