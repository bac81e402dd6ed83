using System.Runtime.Versioning;
using Sclip.Images.Tests;
using Xunit.Sdk;
using Xunit.v3;

// One build of the images, one broker and one store for all tests.
[assembly: AssemblyFixture(typeof(BuiltImages))]
[assembly: AssemblyFixture(typeof(Servers))]
[assembly: SupportedOSPlatform("linux")]
[assembly: Parallelization(Mode = ParallelMode.None)]
