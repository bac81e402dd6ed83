using Sclip.Hosting.Configuration;
using Sclip.Worker;

return await HostProgram.RunAsync("sclip-worker", () => WorkerHost.Build(args));
