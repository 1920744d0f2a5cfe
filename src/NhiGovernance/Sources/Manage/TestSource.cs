using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Documents;
using NhiGovernance.Sources.Runs;

namespace NhiGovernance.Sources.Manage;

/// <param name="SourceId">A saved source, or null for one that is being added.</param>
/// <param name="Connector">For one that is being added.</param>
/// <param name="Settings">As in the form, saved or not; null: as saved.</param>
/// <param name="Secrets">As in the form. What is left out is taken from the saved source, if the host is still the same.</param>
public sealed record TestSourceRequest(
    Guid? SourceId, string? Connector = null, IReadOnlyDictionary<string, string>? Settings = null, IReadOnlyDictionary<string, string>? Secrets = null)
{
    /// <summary>Without values, wherever a record is printed.</summary>
    public override string ToString() => $"{nameof(TestSourceRequest)} {SourceId} {Connector}";
}

/// <summary>Ticks one step after another, before anything is saved. Nothing is kept.</summary>
public sealed class TestSource(
    QueryDoor door, ConnectorCatalogue connectors, SourceSecretStore store, IDbContextFactory<GovernanceDb> contexts, IGuardedHttp http,
    IOutboundGuard guard, TimeProvider clock, PollOptions options, DocumentStore documents) : StreamQuery<TestSourceRequest, TestStep>(door)
{
    /// <summary>The whole test; a connector that hangs must not hold the page.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    public override Permission Permission => Permission.ManageSources;

    protected override async IAsyncEnumerable<TestStep> ReadAsync(
        TestSourceRequest request, QueryContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var saved = request.SourceId is { } id
            ? await context.Db.Set<Source>().SingleOrDefaultAsync(s => s.Id == id && s.RemovedAt == null, cancellationToken)
            : null;
        if (connectors.Find(saved?.ConnectorKey ?? request.Connector ?? string.Empty) is not { } connector || (request.SourceId is not null && saved is null))
        {
            yield return new TestStep("Settings", TestOutcome.Fail, "There is no such source or connector.");
            yield break;
        }

        var values = request.Settings ?? SourceSettingsJson.Read(saved!.Settings).Values;
        var clean = SettingsCheck.Clean(connector.Descriptor, values);
        var host = SettingsCheck.HostOf(connector.Descriptor, clean);
        var given = (request.Secrets ?? new Dictionary<string, string>()).Where(s => !string.IsNullOrEmpty(s.Value))
            .ToDictionary(s => s.Key, s => s.Value.Trim(), StringComparer.Ordinal);
        var usesSaved = saved is not null && saved.Host == host;
        var set = usesSaved
            ? await context.Db.Set<SourceSecret>().Where(s => s.SourceId == saved!.Id && s.Host == host).Select(s => s.Key).ToListAsync(cancellationToken)
            : [];
        var faults = SourceRules.Faults(connector, "test", SourceRules.ShortestInterval, clean, given.Keys.Concat(set).ToHashSet(), guard);
        if (faults.Count > 0)
        {
            foreach (var fault in faults)
            {
                yield return new TestStep("Settings", TestOutcome.Fail, fault.Message);
            }

            yield break;
        }

        yield return new TestStep("Settings", TestOutcome.Pass, "Complete and in order.");
        var secrets = new RunSecrets(async (key, token) =>
        {
            if (given.TryGetValue(key, out var value) || !usesSaved)
            {
                return value;
            }

            await using var db = await contexts.CreateDbContextAsync(token);
            return await store.OpenAsync(db, saved!.Id, host, key, token);
        });
        var folder = saved is null ? null : SourceFolder.Of(options, saved.Id);
        var call = new ConnectorContext(saved?.Id ?? Guid.Empty, new SourceSettings(clean), secrets, http, clock)
        {
            Folder = folder,
            Documents = saved is null ? NoDocuments.Instance : documents.Of(saved.Id),
        };
        await foreach (var step in StepsAsync(connector, call, cancellationToken))
        {
            yield return step with { Name = secrets.Clean(step.Name, 200), Detail = secrets.Clean(step.Detail, 1000) };
        }
    }

    private async IAsyncEnumerable<TestStep> StepsAsync(
        IConnector connector, ConnectorContext call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var longest = new CancellationTokenSource(Longest, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, longest.Token);
        await using var steps = connector.TestAsync(call, either.Token).GetAsyncEnumerator(either.Token);
        while (true)
        {
            TestStep? failed = null;
            try
            {
                if (!await steps.MoveNextAsync())
                {
                    yield break;
                }
            }
            catch (OperationCanceledException) when (longest.IsCancellationRequested)
            {
                failed = new TestStep("Time", TestOutcome.Fail, $"The test took longer than {Longest.TotalSeconds:0} seconds and was ended.");
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                failed = new TestStep("Connection", TestOutcome.Fail, ReadFailure.Sentence(error));
            }

            yield return failed ?? steps.Current;
            if (failed is not null)
            {
                yield break;
            }
        }
    }
}
