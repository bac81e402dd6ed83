using System.Runtime.Versioning;
using Sclip.Images.Tests;

// One build of the images, one broker and one store for all tests.
[assembly: AssemblyFixture(typeof(BuiltImages))]
[assembly: AssemblyFixture(typeof(Servers))]
[assembly: SupportedOSPlatform("linux")]
[assembly: CollectionBehavior(DisableTestParallelization = true)]
