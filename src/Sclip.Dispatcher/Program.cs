using Sclip.Dispatcher;
using Sclip.Hosting.Configuration;
using Sclip.Hosting.Health;
using Sclip.Imaging;

const string Name = "sclip-dispatcher";
return HealthCommand.IsMeant(args) ? await HealthCommand.RunAsync(Name, args) : DecoderThreads.EndWith(await HostProgram.RunAsync(Name, () => DispatcherHost.Build(args)));
