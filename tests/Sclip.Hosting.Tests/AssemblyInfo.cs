// A meter or source reaches every host of the process: one test at a time, so that each sees its own.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
