using System.CommandLine;

namespace NhiGovernance.Web.Hosting.CommandLine;

/// <summary>No verb: serves until it is told to end.</summary>
internal static class Serve
{
    public static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        await using var application = await NhiApplication.StartAsync(parsed.Settings(), cancellationToken: cancellationToken);
        await Console.Out.WriteLineAsync($"NhiGovernance serves {application.Address}");
        await application.WaitForShutdownAsync();
        return NhiCommandLine.Done;
    }
}
