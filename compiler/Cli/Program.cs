using Weir.Cli;

return await WeirCommand.RunAsync(args, Terminal.OfProcess());
