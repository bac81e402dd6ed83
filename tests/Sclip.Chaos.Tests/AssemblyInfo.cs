using Sclip.Chaos.Tests;
using Xunit.Sdk;
using Xunit.v3;

// One broker, one store and one set of workers for all: starting them takes longer than most tests.
[assembly: AssemblyFixture(typeof(Cluster))]
[assembly: Parallelization(Mode = ParallelMode.None)]
