using Sclip.Chaos.Tests;

// One broker, one store and one set of workers for all: starting them takes longer than most tests.
[assembly: AssemblyFixture(typeof(Cluster))]
[assembly: CollectionBehavior(DisableTestParallelization = true)]
