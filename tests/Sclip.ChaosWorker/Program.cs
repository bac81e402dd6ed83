using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Sclip.ChaosWorker;
using Sclip.Hosting.Configuration;
using Sclip.Imaging;
using Sclip.Worker;
using Sclip.Worker.Engines;

// The worker as it is, but for an engine that takes its time and dies of a certain picture, a clock that may run fast, and a decoder that does not come back from another.
return DecoderThreads.EndWith(await HostProgram.RunAsync("chaos-worker", () => WorkerHost.Build(args, services =>
{
    services.Replace(ServiceDescriptor.Singleton(new EngineDevices([new DeadlyDevice()], "the deadly device")));
    services.Replace(ServiceDescriptor.Singleton<TimeProvider>(new HastyTime()));
    services.Replace(ServiceDescriptor.Singleton(provider => new WatchedDecoder { Decode = EndlessDecoder.Decode, Time = TimeSpan.FromSeconds(provider.GetRequiredService<WorkerOptions>().PictureSeconds) }));
})));
