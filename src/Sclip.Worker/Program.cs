using Sclip.Hosting.Configuration;
using Sclip.Hosting.Health;
using Sclip.Imaging;
using Sclip.Worker;

const string Name = "sclip-worker";
return HealthCommand.IsMeant(args) ? await HealthCommand.RunAsync(Name, args) : DecoderThreads.EndWith(await HostProgram.RunAsync(Name, () => WorkerHost.Build(args)));
