namespace Sclip.Chaos.Tests;

/// <summary>Tests that share one broker, one store and one set of workers, one after the other: starting them takes longer than most tests.</summary>
[CollectionDefinition(nameof(ClusterTests))]
public sealed class ClusterTests : ICollectionFixture<Cluster>;
