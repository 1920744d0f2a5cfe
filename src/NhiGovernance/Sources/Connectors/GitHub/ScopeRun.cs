using System.Threading.Channels;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Connectors.GitHub.Http;
using NhiGovernance.Sources.Connectors.GitHub.Scopes;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub;

/// <summary>Runs scopes one after another and ends each with the truth. One for each repository: it remembers whether that is still there.</summary>
internal sealed class ScopeRun(GitHubSession session, ChannelWriter<Item> items)
{
    private bool? _repositoryIsThere;

    public Task<ScopeEnded> OrganizationAsync(OrganizationScope scope, OwnerPlace owner, PlaceTags tags, CancellationToken cancellationToken) =>
        RunAsync(
            scope, new Scope(scope.Kind, scope.PlaceOf(owner)) { Key = scope is WeekOfRequests ? null : owner.Key }, null,
            scope.LeftOut(session.Settings), tags,
            reading => scope.ReadAsync(reading, owner, cancellationToken), static () => Task.FromResult(true), cancellationToken);

    /// <summary>
    /// The audit log only grows, and is read on from where the last run stopped. So its events are no list that could be complete:
    /// what one run reads is a scope of its own, named after its first event, and never started again once the log went on.
    /// </summary>
    public async Task AuditLogAsync(OwnerPlace owner, PlaceTags tags, CancellationToken cancellationToken)
    {
        Scope? stretch = null;
        var log = new AuditLog(async (first, page) =>
        {
            if (stretch is null)
            {
                stretch = new Scope(AuditLog.Events, $"{owner.Login}/{first}");
                tags.Of.Add(stretch);
                await items.WriteAsync(new Item.Event(new ScopeStarted(stretch, null) { Passing = true, OnlyGrows = true }), cancellationToken);
            }

            await items.WriteAsync(new Item.Event(new ScopePage(stretch, page)), cancellationToken);
        });
        var end = await OrganizationAsync(log, owner, tags, cancellationToken);
        if (stretch is not null)
        {
            await items.WriteAsync(new Item.Event(end.Outcome == ScopeOutcome.Complete || log.StoppedByBudget
                ? ScopeEnded.Complete(stretch) : ScopeEnded.Failed(stretch, end.Error ?? "The audit log could not be read on.")), cancellationToken);
        }
    }

    public Task RepositoryAsync(
        RepositoryScope scope, RepositoryPlace repository, Scope parent, bool excluded, PlaceTags tags, CancellationToken cancellationToken) =>
        RunAsync(
            scope, new Scope(scope.Kind, repository.FullName) { Key = repository.Key }, parent,
            excluded ? "Left out by this source's settings." : scope.LeftOut(session.Settings), tags,
            reading => scope.ReadAsync(reading, repository, cancellationToken), () => IsThereAsync(repository, cancellationToken), cancellationToken);

    /// <summary>Reads the list of repositories and returns its end, for the caller to send once all children are done.</summary>
    public async Task<ScopeEnded> StartRepositoriesAsync(Repositories list, OwnerPlace owner, CancellationToken cancellationToken)
    {
        var scope = new Scope(list.Kind, owner.Login) { Key = owner.Key };
        await StartAsync(list, scope, null, cancellationToken);
        var reading = new ScopeReading(session.Http, null, session.Settings.OidcIssuer);
        try
        {
            await PagesAsync(scope, list.ReadAsync(reading, owner, session, cancellationToken), cancellationToken);
            var (end, memory) = await KnownRepositories.JudgeAsync(session, owner, scope, list.Found, cancellationToken);
            if (memory is not null)
            {
                await items.WriteAsync(memory, cancellationToken);
            }

            return end;
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            return await EndAsync(list, scope, error, static () => Task.FromResult(true));
        }
    }

    private async Task<ScopeEnded> RunAsync(
        GitHubScope definition, Scope scope, Scope? parent, string? leftOut, PlaceTags tags,
        Func<ScopeReading, IAsyncEnumerable<IReadOnlyList<Observation>>> read, Func<Task<bool>> isThere, CancellationToken cancellationToken)
    {
        await StartAsync(definition, scope, parent, cancellationToken);
        tags.Of.Add(scope);
        ScopeEnded end;
        if (leftOut is not null)
        {
            end = ScopeEnded.LeftOut(scope, leftOut);
        }
        else if (definition.NotAvailable(session.SignIn) is { } notAvailable)
        {
            end = ScopeEnded.NotAvailable(scope, notAvailable);
        }
        else
        {
            var key = definition is WeekOfRequests ? $"{definition.Kind}/{scope.Place}" : definition.Kind;
            var before = tags.Scopes.GetValueOrDefault(key);
            tags.Scopes.Remove(key);
            try
            {
                var reading = new ScopeReading(session.For(definition), before, session.Settings.OidcIssuer, tags);
                if (definition.MayBeUnchanged && !(definition.ShowsUses && tags.HasNewUses) && await reading.IsUnchangedAsync(cancellationToken))
                {
                    tags.Scopes[key] = before!;
                    end = ScopeEnded.Unchanged(scope);
                }
                else
                {
                    await PagesAsync(scope, read(reading), cancellationToken);
                    foreach (var note in reading.Notes)
                    {
                        await items.WriteAsync(new Item.Note(note), cancellationToken);
                    }

                    end = reading.Missing is [var missing, ..] ? ScopeEnded.Denied(scope, missing) : ScopeEnded.Complete(scope);
                    if (end.Outcome == ScopeOutcome.Complete)
                    {
                        tags.Scopes[key] = reading.Tags(session.Context.Clock.GetUtcNow());
                    }
                }
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                end = await EndAsync(definition, scope, error, isThere);
            }
        }

        await items.WriteAsync(new Item.Event(end), cancellationToken);
        return end;
    }

    /// <summary>Credentials of a principal that was not seen cannot be kept, so nothing may be proven about them next time.</summary>
    public static void ForgetSecretsWithout(string pipeline, PlaceTags tags)
    {
        if (!tags.Scopes.ContainsKey(pipeline))
        {
            foreach (var kind in tags.Scopes.Keys.Where(k => k.EndsWith("-secrets", StringComparison.Ordinal)).ToList())
            {
                tags.Scopes.Remove(kind);
            }
        }
    }

    private async Task StartAsync(GitHubScope definition, Scope scope, Scope? parent, CancellationToken cancellationToken)
    {
        await items.WriteAsync(new Item.Progress($"{definition.Title} of {scope.Place}"), cancellationToken);
        await items.WriteAsync(new Item.Event(new ScopeStarted(scope, parent) { Passing = definition is WeekOfRequests }), cancellationToken);
    }

    private async Task PagesAsync(Scope scope, IAsyncEnumerable<IReadOnlyList<Observation>> pages, CancellationToken cancellationToken)
    {
        await foreach (var page in pages.WithCancellation(cancellationToken))
        {
            if (page.Count > 0)
            {
                await items.WriteAsync(new Item.Event(new ScopePage(scope, page)), cancellationToken);
            }
        }
    }

    /// <summary>
    /// Ends a scope that could not be read. A 404 on a list that the plan may not have ends Denied where the permission is known to be
    /// missing, and NotAvailable where it is known to be there. Where nobody can tell, it ends NotAvailable too, so that an organization
    /// without the feature is not read in part for ever; but it names the permission that may be missing, so that it counts as not known wherever lists are
    /// counted, and the run says how many such lists there are.
    /// </summary>
    private async Task<ScopeEnded> EndAsync(GitHubScope definition, Scope scope, Exception error, Func<Task<bool>> isThere)
    {
        if (error is not GitHubRefusal refusal)
        {
            return ScopeEnded.Failed(scope, $"An unexpected error ended the reading of {definition.Title} ({error.GetType().Name}).");
        }

        switch (refusal.Kind)
        {
            case RefusalKind.Denied:
                return ScopeEnded.Denied(scope, refusal.Permission ?? definition.Permission);
            case RefusalKind.FeatureOff:
                return ScopeEnded.NotAvailable(scope, refusal.Message);
            case RefusalKind.NotFound when !await isThere():
                return ScopeEnded.Failed(scope, $"{scope.Place} was gone, or could not be seen, while its {definition.Title} should have been read; nothing is concluded.");
            case RefusalKind.NotFound:
                var verdict = NotFoundAnswer.Judge(definition, refusal, session.For(definition).SignIn);
                if (verdict == NotFoundVerdict.Denied)
                {
                    return ScopeEnded.Denied(scope, refusal.Permission ?? definition.Permission);
                }

                if (verdict == NotFoundVerdict.Unclear)
                {
                    session.Unclear.AddOrUpdate(definition.Title, 1, static (_, times) => times + 1);
                }

                return ScopeEnded.NotAvailable(scope, NotFoundAnswer.Why(definition, refusal, verdict)) with
                {
                    Permission = verdict == NotFoundVerdict.Unclear ? NotFoundAnswer.Missing(definition, refusal) : null,
                };
            default:
                return ScopeEnded.Failed(scope, refusal.Message);
        }
    }

    private async Task<bool> IsThereAsync(RepositoryPlace repository, CancellationToken cancellationToken)
    {
        if (_repositoryIsThere is null)
        {
            try
            {
                await session.Http.GetAsync(session.Http.At(repository.Path), GitHubJson.Default.RepositoryDocument, null, cancellationToken);
                _repositoryIsThere = true;
            }
            catch (GitHubRefusal refusal)
            {
                _repositoryIsThere = refusal.Kind is not (RefusalKind.NotFound or RefusalKind.Broken);
            }
        }

        return _repositoryIsThere.Value;
    }
}
