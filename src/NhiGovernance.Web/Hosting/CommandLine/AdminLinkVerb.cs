using System.CommandLine;
using NhiGovernance.Access;

namespace NhiGovernance.Web.Hosting.CommandLine;

/// <summary><c>admin-link</c>: a one-time link that makes a new Admin, for whoever runs the machine.</summary>
internal sealed class AdminLinkVerb : IVerb
{
    public Command Describe()
    {
        var command = new Command("admin-link", "Print a one-time link (15 minutes) with which a new Admin signs in.");
        command.SetAction((parsed, cancellationToken) => VerbScope.RunAsync(
            parsed,
            async (scope, token) =>
            {
                var link = await scope.Get<CreateAdminLink>().RunAsync(new CreateAdminLinkRequest(), token);
                return link.Select(l => new Uri(ServingAddress.Find(scope.Configuration), l.Path));
            },
            link => link.ToString(),
            cancellationToken));
        return command;
    }
}
