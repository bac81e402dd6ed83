using Sclip.Hosting.Configuration;
using Sclip.Hosting.Health;
using Sclip.Worker;

const string Name = "sclip-worker";
return HealthCommand.IsMeant(args) ? await HealthCommand.RunAsync(Name, args) : await HostProgram.RunAsync(Name, () => WorkerHost.Build(args));
