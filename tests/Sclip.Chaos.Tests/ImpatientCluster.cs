namespace Sclip.Chaos.Tests;

/// <summary>A cluster of its own, whose broker closes the channel of whoever keeps a message for 15 seconds, and looks every 5.</summary>
public sealed class ImpatientCluster() : Cluster(["{consumer_timeout, 15000}", "{channel_tick_interval, 5000}"]);
