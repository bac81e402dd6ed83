using Xunit.Sdk;
using Xunit.v3;

// A meter or source reaches every host of the process: one test at a time, so that each sees its own.
[assembly: Parallelization(Mode = ParallelMode.None)]
