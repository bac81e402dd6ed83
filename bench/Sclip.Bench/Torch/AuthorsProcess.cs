using System.Diagnostics;
using System.Globalization;

namespace Sclip.Bench.Torch;

/// <summary>The authors' code in a Python of its own (authors.py), asked in turns; <c>PYTHON</c> names another interpreter.</summary>
internal sealed class AuthorsProcess : IDisposable
{
    private readonly Process _process;

    public AuthorsProcess(string checkout, string device, int threads)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("PYTHON") ?? "python3") { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])[Path.Combine("bench", "authors.py"), checkout, device, threads.ToString(CultureInfo.InvariantCulture)])
            start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
    }

    /// <summary>Windows a second; not a number where it failed.</summary>
    public double Rate(string precision, int batch)
    {
        _process.StandardInput.WriteLine($"{precision} {batch}");
        var answer = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The authors' code ended; see what it printed.");
        if (!answer.StartsWith("nan", StringComparison.Ordinal))
            return double.Parse(answer, CultureInfo.InvariantCulture);
        Console.Error.WriteLine(answer);
        return double.NaN;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
