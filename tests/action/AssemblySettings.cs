// Each run of the script is a handful of processes: one after the other is fast enough, and leaves room for others.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
