using System.Globalization;
using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Connectors.Git.Automation;
using NhiGovernance.Sources.Connectors.Git.Objects;
using NhiGovernance.Sources.Connectors.Git.Owners;
using NhiGovernance.Sources.Connectors.Git.Workflows;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.Git;

/// <summary>One reading of a fetched mirror, scope by scope. A scope that fails ends with its reason; the others go on.</summary>
internal sealed class GitRead(ConnectorContext context, GitSession session, Scope root)
{
    private const int MostObject = 4 * 1024 * 1024;
    private const int PageSize = 500;

    private CodeOwners? _owners;
    private HistoryTally? _tally;
    private long _tooLarge;

    private static readonly string[] Parts = ["code-owners", "workflows", "signers", "automation"];

    /// <summary>Nothing moved: every list is what it was.</summary>
    public static async IAsyncEnumerable<ReadEvent> Unchanged(Scope root)
    {
        yield return ScopeEnded.Unchanged(root);
        foreach (var part in Parts)
        {
            var scope = new Scope(part, root.Place);
            yield return new ScopeStarted(scope, root);
            yield return ScopeEnded.Unchanged(scope);
        }

        await Task.CompletedTask;
    }

    public async IAsyncEnumerable<ReadEvent> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var address = session.Address;
        var head = await session.Mirror.HeadAsync(cancellationToken);
        yield return new ScopePage(root, [new ResourceObservation("repository", ResourceKind.Repository, NaturalKeys.Cut(address.Place, 300), new PlaceReference("repository", address.Place))
        {
            Url = address.WebRoot,
            Facts = new Dictionary<string, KnownValue>
            {
                ["defaultBranch"] = session.DefaultBranch is { } branch ? KnownValue.Of(Emit.Short(branch)) : session.Branches == 0 ? KnownValue.Never() : KnownValue.NotExposed,
                ["empty"] = KnownValue.Of(head is null && session.Branches == 0),
                ["protocol"] = KnownValue.Of(address.Protocol),
            },
        }]);
        yield return ScopeEnded.Complete(root);

        var complete = true;
        foreach (var kind in Parts)
        {
            var part = kind switch
            {
                "code-owners" => OwnersAsync(head, cancellationToken),
                "workflows" => WorkflowsAsync(head, cancellationToken),
                "signers" => SignersAsync(cancellationToken),
                _ => AutomationAsync(),
            };
            var scope = new Scope(kind, root.Place);
            context.Progress($"{kind} of {address.Place}");
            yield return new ScopeStarted(scope, root);
            string? problem = null;
            await using var pages = part.GetAsyncEnumerator(cancellationToken);
            while (true)
            {
                bool more;
                try
                {
                    more = await pages.MoveNextAsync();
                }
                catch (Exception error) when (error is GitFailure or IOException)
                {
                    problem = error is GitFailure ? error.Message : "The mirror could not be read.";
                    break;
                }

                if (!more)
                {
                    break;
                }

                yield return new ScopePage(scope, pages.Current);
            }

            complete &= problem is null;
            yield return problem is null ? ScopeEnded.Complete(scope) : ScopeEnded.Failed(scope, problem);
        }

        // The host keeps it only when the run ends well.
        await context.Memory.SetAsync(GitSession.SeenKey, complete ? session.Seen : null, cancellationToken);
    }

    private async IAsyncEnumerable<IReadOnlyList<Observation>> OwnersAsync(string? head, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (IsEmpty(head))
        {
            yield break;
        }

        await using var objects = new CatFile(session.Local, session.Mirror.Folder, cancellationToken);
        foreach (var place in CodeOwners.Places)
        {
            if (await objects.ReadAsync($"{head}:{place}", CodeOwners.MostBytes, cancellationToken) is { Type: "blob" } file)
            {
                if (file.Content is null)
                {
                    context.Note($"{place} is larger than 3 MB; GitHub ignores it, and so is it here.");
                    yield break;
                }

                _owners = CodeOwners.Parse(file.Content);
                if (_owners.SkippedLines.Count > 0)
                {
                    context.Note($"{place}: {_owners.SkippedLines.Count} lines are no rule and were skipped, the first is line {_owners.SkippedLines[0]}.");
                }

                foreach (var page in OwnerObservations.From(_owners, place, session.Address, session.DefaultBranch).Chunk(PageSize))
                {
                    yield return page;
                }

                yield break;
            }
        }
    }

    private async IAsyncEnumerable<IReadOnlyList<Observation>> WorkflowsAsync(string? head, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (IsEmpty(head))
        {
            yield break;
        }

        await using var objects = new CatFile(session.Local, session.Mirror.Folder, cancellationToken);
        var files = new WorkflowFiles(session.Mirror, objects, head!);
        await foreach (var report in files.ReadAsync(session.Address.Owner, context.Note, cancellationToken))
        {
            yield return [.. WorkflowObservations.From(report.With(_owners), session.Address, session.DefaultBranch)];
        }
    }

    /// <exception cref="GitFailure">There are branches, and none of them is the default: what stands there is not known.</exception>
    private bool IsEmpty(string? head) => head is null && session.Branches > 0
        ? throw new GitFailure("The repository has branches, but its HEAD names none of them, so nobody knows which one counts. Set its default branch.")
        : head is null;

    private async IAsyncEnumerable<IReadOnlyList<Observation>> SignersAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var patterns = AutomationPatterns.Known.With(OwnPrograms.Read(context.Settings.Get(GitDescriptor.OwnPrograms)));
        var tally = new HistoryTally(patterns, context.Clock.GetUtcNow());
        var budget = int.Parse(context.Settings.Get(GitDescriptor.Budget, "20000"), NumberStyles.None, CultureInfo.InvariantCulture);
        var allTags = true;
        var total = await session.Mirror.CountAsync(cancellationToken);
        if (total > 0)
        {
            await using var objects = new CatFile(session.Local, session.Mirror.Folder, cancellationToken);
            await CountAsync(session.Mirror.CommitsAsync(budget, cancellationToken), objects, tally, total, cancellationToken);
            allTags = await CountAsync(session.Mirror.TagsAsync(cancellationToken), objects, tally, 0, cancellationToken, budget);
        }

        tally.Join();

        // What was too large to read may hold a signature like what is beyond the budget.
        var whole = total <= budget && allTags && _tooLarge == 0;
        var read = total <= budget
            ? string.Create(CultureInfo.InvariantCulture, $"all {total:N0} commits")
            : string.Create(CultureInfo.InvariantCulture, $"the newest {tally.Commits:N0} of {total:N0} commits (the budget)");
        context.Note(string.Create(CultureInfo.InvariantCulture,
            $"Read {read} and {(allTags ? "" : "the newest ")}{tally.Tags:N0} annotated tags{(allTags ? "" : " (the budget)")}: {tally.SignedCommits:N0} commits and {tally.SignedTags:N0} tags are signed."));
        if (tally.UnreadableSignatures + tally.LeftOut + _tooLarge > 0)
        {
            context.Note(string.Create(CultureInfo.InvariantCulture,
                $"{tally.UnreadableSignatures:N0} signatures could not be read, {tally.LeftOut:N0} uses were beyond the {HistoryTally.Most:N0} signers that are kept, {_tooLarge:N0} objects were too large."));
        }

        await RememberedHistory.KeepAsync(context.Memory, session.Address.Operand, tally, patterns, whole, cancellationToken);
        foreach (var page in tally.Signers.Values.OrderBy(s => s.Key, StringComparer.Ordinal).Chunk(PageSize / 2))
        {
            yield return [.. page.SelectMany(s => HistoryObservations.Signer(s, session.Address, whole))];
        }

        _tally = tally;
        if (tally.LeftOut > 0)
        {
            throw new GitFailure(string.Create(CultureInfo.InvariantCulture, $"More than {HistoryTally.Most:N0} signers or programs; the rest was left out."));
        }
    }

    private async IAsyncEnumerable<IReadOnlyList<Observation>> AutomationAsync()
    {
        if (_tally is null)
        {
            throw new GitFailure("The history could not be read.");
        }

        foreach (var page in _tally.Automata.Values.OrderBy(a => a.Key, StringComparer.Ordinal).Chunk(PageSize))
        {
            yield return [.. page.Select(a => HistoryObservations.Automaton(a, session.Address))];
        }

        await Task.CompletedTask;
    }

    /// <summary>False when there were more than <paramref name="most"/>.</summary>
    private async Task<bool> CountAsync(
        IAsyncEnumerable<string> ids, CatFile objects, HistoryTally tally, long total, CancellationToken cancellationToken, int most = int.MaxValue)
    {
        await foreach (var id in ids.WithCancellation(cancellationToken))
        {
            if (most-- == 0)
            {
                return false;
            }

            switch (await objects.ReadAsync(id, MostObject, cancellationToken))
            {
                case null:
                    throw new GitFailure("The mirror lacks an object that its history names.");
                case { Content: null }:
                    _tooLarge++;
                    break;
                case { Type: "commit", Content: { } bytes }:
                    tally.Add(CommitObject.Parse(bytes));
                    break;
                case { Type: "tag", Content: { } bytes }:
                    tally.Add(TagObject.Parse(bytes));
                    break;
            }

            if (total > 0 && tally.Commits % 2000 == 0)
            {
                context.Progress(string.Create(CultureInfo.InvariantCulture, $"commits of {session.Address.Place}: {tally.Commits:N0} read"));
            }
        }

        return true;
    }
}
