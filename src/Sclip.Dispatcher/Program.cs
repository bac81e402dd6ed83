using Sclip.Dispatcher;
using Sclip.Hosting.Configuration;

return await HostProgram.RunAsync("sclip-dispatcher", () => DispatcherHost.Build(args));
