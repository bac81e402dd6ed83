using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Sclip.ChaosWorker;
using Sclip.Hosting.Configuration;
using Sclip.Worker;
using Sclip.Worker.Engines;

// The worker as it is, but for an engine that takes its time and dies of a certain picture, and a clock that may run fast.
return await HostProgram.RunAsync("chaos-worker", () => WorkerHost.Build(args, services => services
    .Replace(ServiceDescriptor.Singleton(new EngineDevices([new DeadlyDevice()], "the deadly device")))
    .Replace(ServiceDescriptor.Singleton<TimeProvider>(new HastyTime()))));
