return await NhiGovernance.Web.Hosting.CommandLine.NhiCommandLine.RunAsync(args, Console.Out, Console.Error);
