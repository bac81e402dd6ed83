using System.Runtime.InteropServices;
using Sclip.Cli;
using Sclip.Imaging;

using var stop = new CancellationTokenSource();
using var abort = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
return DecoderThreads.EndWith(await App.RunAsync(args, new CliContext(Console.Out, Console.Error, !Console.IsOutputRedirected, stop.Token, abort.Token) { Input = Console.IsInputRedirected ? null : Console.In }));

void Interrupt(PosixSignalContext signal)
{
    signal.Cancel = true;
    if (stop.IsCancellationRequested)
        abort.Cancel();
    else
        stop.Cancel();
}
