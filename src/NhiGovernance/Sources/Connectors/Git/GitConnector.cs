using System.Globalization;
using System.Runtime.CompilerServices;
using NhiGovernance.Common;
using NhiGovernance.Sources.Connectors.Git.Automation;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.Git;

/// <summary>One git repository on any host: see docs/connectors/git.md.</summary>
public sealed class GitConnector(GitOptions options, IOutboundGuard guard) : IConnector
{
    public ConnectorDescriptor Descriptor => GitDescriptor.Value;

    public IReadOnlyList<FieldFault> Validate(SourceSettings settings)
    {
        var faults = new List<FieldFault>();
        var address = GitAddress.TryParse(settings.Get(GitDescriptor.Url), options.LocalRoots);
        var signIn = settings.Get(GitDescriptor.SignIn, "none");
        if (!address.IsOk)
        {
            faults.Add(new FieldFault(GitDescriptor.Url, address.Error.Message));
        }
        else
        {
            faults.AddRange(SignInFaults(address.Value.Transport, signIn, settings));
        }

        if (signIn is not ("none" or "token" or "ssh"))
        {
            faults.Add(new FieldFault(GitDescriptor.SignIn, "Choose none, token or ssh."));
        }

        if (settings.Get(GitDescriptor.Budget) is { Length: > 0 } budget
            && !(int.TryParse(budget, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= GitDescriptor.MostBudget))
        {
            faults.Add(new FieldFault(GitDescriptor.Budget, "Give a whole number from 1 to 1,000,000."));
        }

        if (OwnPrograms.Fault(settings.Get(GitDescriptor.OwnPrograms)) is { } line)
        {
            faults.Add(new FieldFault(GitDescriptor.OwnPrograms, line));
        }

        if (settings.Get(GitDescriptor.Place) is { Length: > 0 } place && (place.Length > 300 || place.Any(char.IsControl)))
        {
            faults.Add(new FieldFault(GitDescriptor.Place, "Give at most 300 characters, on one line."));
        }

        if (settings.Get(GitDescriptor.User).Any(c => char.IsControl(c) || c == ':'))
        {
            faults.Add(new FieldFault(GitDescriptor.User, "A user name holds no colon and no control characters. The token has its own field."));
        }

        return faults;
    }

    public IAsyncEnumerable<TestStep> TestAsync(ConnectorContext context, CancellationToken cancellationToken) =>
        GitTest.RunAsync(context, options, guard, cancellationToken);

    public async IAsyncEnumerable<ReadEvent> ReadAsync(ConnectorContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var root = new Scope("repository", GitAddress.TryParse(context.Settings.Get(GitDescriptor.Url), options.LocalRoots)
            .Match(a => context.Settings.Get(GitDescriptor.Place, a.Place), _ => "repository"));
        yield return new ScopeStarted(root, null);
        var (session, failure) = await OpenAsync(context, root, cancellationToken);
        if (session is null)
        {
            yield return failure!;
            yield break;
        }

        await using (session)
        {
            var read = session.Unchanged ? GitRead.Unchanged(root) : new GitRead(context, session, root).RunAsync(cancellationToken);
            await foreach (var step in read)
            {
                yield return step;
            }
        }
    }

    private static IEnumerable<FieldFault> SignInFaults(GitTransport transport, string signIn, SourceSettings settings)
    {
        if (signIn == "token" && transport != GitTransport.Https)
        {
            yield return new FieldFault(GitDescriptor.SignIn, "A token goes with an https address only.");
        }

        if (signIn == "ssh" && transport != GitTransport.Ssh)
        {
            yield return new FieldFault(GitDescriptor.SignIn, "An SSH key goes with an ssh address only.");
        }

        if (transport == GitTransport.Ssh && signIn != "ssh")
        {
            yield return new FieldFault(GitDescriptor.SignIn, "An ssh address needs an SSH key.");
        }

        if (transport == GitTransport.Ssh && settings.Get(GitDescriptor.KnownHosts).Trim().Length == 0)
        {
            yield return new FieldFault(GitDescriptor.KnownHosts, "Give the host's keys; without them nobody knows who answers. ssh-keyscan prints them, the host's owner confirms them.");
        }
    }

    private async Task<(GitSession?, ScopeEnded?)> OpenAsync(ConnectorContext context, Scope root, CancellationToken cancellationToken)
    {
        GitSession? session = null;
        try
        {
            context.Progress("address and sign-in");
            session = await GitSession.OpenAsync(context, options, guard, cancellationToken);
            var seen = await session.Mirror.LookAsync(cancellationToken);
            session.Take(seen);
            session.Unchanged = await context.Memory.GetAsync(GitSession.SeenKey, cancellationToken) == session.Seen
                && await context.Memory.IsCurrentAsync(GitSession.SeenKey, cancellationToken);
            if (session.Unchanged)
            {
                context.Note("No branch and no tag moved since the last complete run.");
                return (session, null);
            }

            context.Progress($"fetching {session.Address.Place}");
            await session.Mirror.FetchAsync(seen.DefaultBranch, cancellationToken);
            return (session, null);
        }
        catch (Exception error) when (error is GitFailure or OutboundRefusedException or IOException or UnauthorizedAccessException)
        {
            if (session is not null)
            {
                await session.DisposeAsync();
            }

            return (null, error is GitFailure { Denied: true }
                ? ScopeEnded.Denied(root, "Contents: read on this repository")
                : ScopeEnded.Failed(root, error is IOException or UnauthorizedAccessException ? "The folder for the mirror cannot be written or is full." : error.Message));
        }
        catch when (session is not null)
        {
            await session.DisposeAsync();
            throw;
        }
    }
}
