using Sclip.Dispatcher;
using Sclip.Hosting.Configuration;
using Sclip.Hosting.Health;

const string Name = "sclip-dispatcher";
return HealthCommand.IsMeant(args) ? await HealthCommand.RunAsync(Name, args) : await HostProgram.RunAsync(Name, () => DispatcherHost.Build(args));
