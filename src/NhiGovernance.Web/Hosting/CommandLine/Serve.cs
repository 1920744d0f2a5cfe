using System.CommandLine;
using NhiGovernance.Access;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Web.Hosting.CommandLine;

/// <summary>No verb: serves until it is told to end.</summary>
internal static class Serve
{
    public static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        await using var application = await NhiApplication.StartAsync(parsed.Settings(), cancellationToken: cancellationToken);
        await parsed.Output().WriteLineAsync($"NhiGovernance serves {application.Address}");
        await parsed.Output().WriteLineAsync(application.Services.GetRequiredService<IConfiguration>().HostRoles().HasFlag(HostRoles.Web)
            ? await WayInAsync(application, cancellationToken)
            : "It has no pages: the setting Roles does not name web.");
        await application.WaitForShutdownAsync();
        return NhiCommandLine.Done;
    }

    /// <summary>With nobody there, a link for the first Admin; otherwise where to get one.</summary>
    private static async Task<string> WayInAsync(NhiApplication application, CancellationToken cancellationToken)
    {
        await using var scope = application.Services.CreateSystemScope("start-up");
        var link = await scope.ServiceProvider.GetRequiredService<CreateAdminLink>()
            .RunAsync(new CreateAdminLinkRequest(OnlyWhenNobodyIsThere: true), cancellationToken);
        return link.IsOk
            ? $"First sign-in, once, within 15 minutes: {new Uri(application.Address, link.Value.Path)}"
            : "Sign in there. If nobody can: ./run.sh admin-link";
    }
}
