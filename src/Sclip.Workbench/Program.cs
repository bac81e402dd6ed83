using Sclip.Hosting.Configuration;
using Sclip.Hosting.Health;
using Sclip.Imaging;
using Sclip.Workbench;

const string Name = "sclip-workbench";
return HealthCommand.IsMeant(args) ? await HealthCommand.RunAsync(Name, args) : DecoderThreads.EndWith(await HostProgram.RunAsync(Name, () => WorkbenchHost.Build(args)));
