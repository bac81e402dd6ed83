using Xunit.Sdk;
using Xunit.v3;

// Two clusters side by side: on each of them its tests wait most of the time.
[assembly: Parallelization(Mode = ParallelMode.Collections, MaxThreads = 2)]
