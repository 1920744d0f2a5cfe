using System.Globalization;
using System.Threading.Channels;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Connectors.GitHub.Http;
using NhiGovernance.Sources.Connectors.GitHub.Scopes;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub;

/// <summary>
/// One reading: for each owner its own lists, then its repositories, then each repository's lists, several at a time.
/// </summary>
/// <remarks>
/// The list of repositories ends last: a run that is cut off in between never leaves a complete list of repositories whose
/// own lists were not even started, which would look as if they were empty.
/// </remarks>
internal sealed class GitHubReader(ConnectorContext context, GitHubLimits limits, ChannelWriter<Item> items)
{
    /// <summary>Places that a webhook named and that could not be reached, each with why.</summary>
    private readonly List<string> _unreached = [];

    /// <exception cref="ConnectorException">Only some lists were asked for, and not all of their places could be reached.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        GitHubSession session;
        try
        {
            session = await GitHubSession.OpenAsync(context, limits, cancellationToken);
        }
        catch (GitHubRefusal refusal) when (context.Only.Count > 0)
        {
            throw new ConnectorException(refusal.Message);
        }
        catch (GitHubRefusal refusal)
        {
            foreach (var owner in GitHubSettings.Read(context.Settings).Settings?.Owners ?? [context.Settings.Get(GitHubDescriptor.Organization, "?")])
            {
                await FailOwnerAsync(owner, refusal, cancellationToken);
            }

            return;
        }

        using (session)
        {
            foreach (var other in context.Only.Where(t => !session.Settings.Owners.Contains(t.Place.Split('/')[0], StringComparer.OrdinalIgnoreCase)).Select(t => t.Place).Distinct())
            {
                await NotMineAsync(other, "this source does not read that account.", cancellationToken);
            }

            foreach (var login in session.Settings.Owners)
            {
                await (context.Only.Count == 0 ? ReadOwnerAsync(session, login, cancellationToken) : ReadTargetsAsync(session, login, cancellationToken));
            }

            await NotesAsync(session, cancellationToken);
        }

        if (_unreached.Count > 0)
        {
            throw new ConnectorException($"Not reached, though a webhook named it: {string.Join(" ", _unreached)}");
        }
    }

    private async Task ReadOwnerAsync(GitHubSession session, string login, CancellationToken cancellationToken)
    {
        OwnerPlace owner;
        try
        {
            owner = await session.OwnerAsync(login, cancellationToken);
        }
        catch (GitHubRefusal refusal)
        {
            await FailOwnerAsync(login, refusal, cancellationToken);
            return;
        }

        var run = new ScopeRun(session, items);
        if (owner.IsOrganization)
        {
            var tags = await TagsAsync(session, $"github/{owner.Id}", cancellationToken);
            await RunnerPools.LoadAsync(context.Memory, $"organization:{owner.Id}", tags, cancellationToken);

            // First: it tells when apps and tokens that others list were last used.
            await run.AuditLogAsync(owner, tags, cancellationToken);
            var weeks = WeekOfRequests.Of(session).ToList();
            WeekOfRequests.ForgetOthers(tags, weeks, owner);
            foreach (var scope in GitHubScopes.For(session.Settings).Concat(weeks))
            {
                await run.OrganizationAsync(scope, owner, tags, cancellationToken);
            }

            ScopeRun.ForgetSecretsWithout("organization-pipeline", tags);
            await items.WriteAsync(new Item.Memory($"github/{owner.Id}", tags.Write(), tags.Of), cancellationToken);
            await KeepPoolsAsync($"organization:{owner.Id}", tags, cancellationToken);
        }

        var list = new Repositories();
        var ended = await run.StartRepositoriesAsync(list, owner, cancellationToken);
        await Parallel.ForEachAsync(
            list.Found,
            new ParallelOptions { MaxDegreeOfParallelism = session.Settings.Concurrency, CancellationToken = cancellationToken },
            async (repository, token) => await ReadRepositoryAsync(session, repository, ended.Scope, GitHubScopes.OfRepositories, token));
        await items.WriteAsync(new Item.Event(ended), cancellationToken);
    }

    /// <summary>What a webhook named of this owner, and nothing else. What is not there any more, the next whole run finds out.</summary>
    private async Task ReadTargetsAsync(GitHubSession session, string login, CancellationToken cancellationToken)
    {
        var targets = context.Only.Where(t => string.Equals(t.Place.Split('/')[0], login, StringComparison.OrdinalIgnoreCase))
            .ToLookup(t => t.Place, t => t.Kind, StringComparer.OrdinalIgnoreCase);
        if (targets.Count == 0)
        {
            return;
        }

        OwnerPlace owner;
        try
        {
            owner = await session.OwnerAsync(login, cancellationToken);
        }
        catch (GitHubRefusal refusal)
        {
            // No list was tried, so none is said to have failed: the run did, and what it was to read is asked for again.
            _unreached.Add($"{Text.Clean(login, 100)}: {refusal.Message}");
            return;
        }

        foreach (var place in targets)
        {
            var kinds = place.ToHashSet(StringComparer.Ordinal);
            if (place.Key.Contains('/', StringComparison.Ordinal))
            {
                await ReadTargetAsync(session, owner, place.Key, kinds, cancellationToken);
            }
            else if (owner.IsOrganization)
            {
                var run = new ScopeRun(session, items);
                var tags = await TagsAsync(session, $"github/{owner.Id}", cancellationToken);
                foreach (var scope in GitHubScopes.For(session.Settings).Where(s => kinds.Contains(s.Kind)))
                {
                    await run.OrganizationAsync(scope, owner, tags, cancellationToken);
                }

                await items.WriteAsync(new Item.Memory($"github/{owner.Id}", tags.Write(), tags.Of), cancellationToken);
            }
        }

        await items.WriteAsync(new Item.Note($"Read only what a webhook named: {string.Join("; ", targets.Select(t => $"{string.Join(", ", t)} of {t.Key}"))}."), cancellationToken);
    }

    private async Task ReadTargetAsync(GitHubSession session, OwnerPlace owner, string name, HashSet<string> kinds, CancellationToken cancellationToken)
    {
        try
        {
            var path = "repos/" + string.Join('/', name.Split('/').Select(Uri.EscapeDataString));
            var document = await session.Http.GetAsync(session.Http.At(path), GitHubJson.Default.RepositoryDocument, null, cancellationToken);
            if (Repositories.Place(document.Body!, owner) is not { } repository || !string.Equals(repository.FullName, name, StringComparison.OrdinalIgnoreCase))
            {
                await NotMineAsync(name, "it is another one by now.", cancellationToken);
            }
            else if (!await session.ListsAsync(repository, cancellationToken))
            {
                await NotMineAsync(name, "anybody may see it, but it is not among the repositories that this sign-in reads.", cancellationToken);
            }
            else
            {
                await ReadRepositoryAsync(
                    session, repository, new Scope(new Repositories().Kind, owner.Login) { Key = owner.Key },
                    GitHubScopes.OfRepositories.Where(s => kinds.Contains(s.Kind)), cancellationToken);
            }
        }
        catch (GitHubRefusal refusal) when (refusal.Kind == RefusalKind.NotFound)
        {
            await NotMineAsync(name, "it is not there, or this sign-in may not see it (404).", cancellationToken);
        }
        catch (GitHubRefusal refusal)
        {
            _unreached.Add($"{name}: {refusal.Message}");
        }
    }

    /// <summary>A whole run does not read it either, and finds out what that means.</summary>
    private async Task NotMineAsync(string name, string why, CancellationToken cancellationToken) =>
        await items.WriteAsync(new Item.Note($"{name}, which a webhook named, was not read: {why}"), cancellationToken);

    private async Task ReadRepositoryAsync(
        GitHubSession session, RepositoryPlace repository, Scope parent, IEnumerable<RepositoryScope> scopes, CancellationToken cancellationToken)
    {
        var key = $"github/repo/{repository.Id}";
        var raw = await context.Memory.GetAsync(key, cancellationToken);
        var excluded = !session.Settings.Reads(repository.FullName);

        // One that is left out starts its lists too, also when nothing is remembered of it: settings that change take the memory
        // with them, and a list that is not started below a parent that was read to its end counts as gone.
        // Tags hold addresses: those of a repository that was renamed or moved since are of a name that is another's, or nobody's.
        var tags = PlaceTags.Read(
            raw, $"{session.Settings.Form(context.Settings)} {repository.FullName}", await context.Memory.IsCurrentAsync(key, cancellationToken));
        await RunnerPools.LoadAsync(context.Memory, $"repository:{repository.Id}", tags, cancellationToken);
        var run = new ScopeRun(session, items);
        foreach (var scope in scopes.Where(s => s.Concerns(repository)))
        {
            await run.RepositoryAsync(scope, repository, parent, excluded, tags, cancellationToken);
        }

        ScopeRun.ForgetSecretsWithout("pipeline", tags);
        await items.WriteAsync(new Item.Memory(key, tags.Write(), tags.Of), cancellationToken);
        await KeepPoolsAsync($"repository:{repository.Id}", tags, cancellationToken);
    }

    private async Task KeepPoolsAsync(string owner, PlaceTags tags, CancellationToken cancellationToken)
    {
        if (await RunnerPools.ChangedAsync(context.Memory, owner, tags, cancellationToken) is { } changed)
        {
            await items.WriteAsync(changed, cancellationToken);
        }
    }

    private async Task<PlaceTags> TagsAsync(GitHubSession session, string key, CancellationToken cancellationToken) =>
        PlaceTags.Read(
            await context.Memory.GetAsync(key, cancellationToken), session.Settings.Form(context.Settings),
            await context.Memory.IsCurrentAsync(key, cancellationToken));

    private async Task FailOwnerAsync(string login, GitHubRefusal refusal, CancellationToken cancellationToken)
    {
        var scope = new Scope(GitHubScopes.Organization, Text.Clean(login, 200));
        await items.WriteAsync(new Item.Event(new ScopeStarted(scope, null)), cancellationToken);
        var end = refusal.Kind switch
        {
            RefusalKind.Denied => ScopeEnded.Denied(scope, refusal.Permission ?? "Metadata: read") with { Error = refusal.Message },
            RefusalKind.NotFound => ScopeEnded.Failed(scope, $"GitHub knows no organization or user {Text.Clean(login, 100)} that this sign-in may see."),
            _ => ScopeEnded.Failed(scope, refusal.Message),
        };
        await items.WriteAsync(new Item.Event(end), cancellationToken);
    }

    private async Task NotesAsync(GitHubSession session, CancellationToken cancellationToken)
    {
        var http = session.Http;
        var text = string.Create(CultureInfo.InvariantCulture, $"{http.Requests} requests, {http.Unchanged} of them unchanged since the last run");
        text += http.Waited > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $"; waited {http.Waited.TotalSeconds:0} s for GitHub's limits.") : ".";
        await items.WriteAsync(new Item.Note(text), cancellationToken);
        if (!session.Unclear.IsEmpty)
        {
            var lists = session.Unclear.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.Key} ({l.Value})"));
            await items.WriteAsync(new Item.Note($"Not known of these lists whether GitHub does not have them or hides them for want of a permission (404): {string.Join(", ", lists)}."), cancellationToken);
        }

        if (http.Facts.ExpiresAt is { } at)
        {
            await context.Secrets.ExpiresAsync(GitHubDescriptor.Token, at, cancellationToken);
            await items.WriteAsync(new Item.Note($"This source's own token expires on {at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}."), cancellationToken);
        }
    }
}
