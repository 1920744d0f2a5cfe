using System.Data.Common;
using System.Linq.Expressions;
using NhiGovernance.Data;

namespace NhiGovernance.Tests.Data.SqlServer.Mirror;

/// <summary>Does everything on the real database, and says it to SQL Server's dialect too.</summary>
internal sealed class MirroringDialect(IDialect real, SqlServerMirror mirror) : IDialect
{
    private readonly UnloadedDialect _other = new();

    public string Name => real.Name;

    public async Task<DateTimeOffset> NowAsync(GovernanceDb db, CancellationToken cancellationToken)
    {
        await TellAsync(db, other => _other.NowAsync(other, cancellationToken));
        return await real.NowAsync(db, cancellationToken);
    }

    public async Task LockAsync(GovernanceDb db, string name, CancellationToken cancellationToken)
    {
        await TellAsync(db, other => _other.LockAsync(other, name, cancellationToken));
        await real.LockAsync(db, name, cancellationToken);
    }

    public async Task<string> StageAsync(
        GovernanceDb db, string name, IReadOnlyList<StagedColumn> columns, IEnumerable<object?[]> rows, CancellationToken cancellationToken)
    {
        var there = string.Empty;
        await TellAsync(db, async other => there = await _other.StageAsync(other, name, columns, [], cancellationToken));
        var here = await real.StageAsync(db, name, columns, rows, cancellationToken);
        mirror.Staged(here, there);
        return here;
    }

    public Task<long> LoadAsync(
        GovernanceDb db, string table, IReadOnlyList<StagedColumn> columns, IEnumerable<object?[]> rows, CancellationToken cancellationToken) =>
        real.LoadAsync(db, table, columns, rows, cancellationToken);

    public async Task<int> MergeAsync(
        GovernanceDb db, string staged, string table, IReadOnlyList<string> key, IReadOnlyList<string> insert, IReadOnlyList<string> update,
        CancellationToken cancellationToken)
    {
        await TellAsync(db, other => _other.MergeAsync(other, "#" + staged.Trim('"'), table, key, insert, update, cancellationToken));
        return await real.MergeAsync(db, staged, table, key, insert, update, cancellationToken);
    }

    public IQueryable<T> LookUp<T>(GovernanceDb db, string column, Guid id, string keyColumn, string[] keys)
        where T : class
    {
        var rows = real.LookUp<T>(db, column, id, keyColumn, keys);
        mirror.LookUps.AddOrUpdate(rows.Expression, other => _other.LookUp<T>(other, column, id, keyColumn, keys));
        return rows;
    }

    // Both dialects say LIKE, and each escapes its own signs; SQL Server's are tested with its dialect.
    public IQueryable<T> WhereContains<T>(IQueryable<T> rows, Expression<Func<T, string>> text, string words) => real.WhereContains(rows, text, words);

    public DbParameter Parameter(string name, object? value) => real.Parameter(name, value);

    public async Task SignalAsync(GovernanceDb db, ChangeSignal signal, CancellationToken cancellationToken)
    {
        await TellAsync(db, other => _other.SignalAsync(other, signal, cancellationToken));
        await real.SignalAsync(db, signal, cancellationToken);
    }

    public IAsyncEnumerable<ChangeSignal> ListenAsync(CancellationToken cancellationToken) => real.ListenAsync(cancellationToken);

    public async Task<int> PruneSignalsAsync(GovernanceDb db, DateTimeOffset before, CancellationToken cancellationToken)
    {
        await TellAsync(db, other => _other.PruneSignalsAsync(other, before, cancellationToken));
        return await real.PruneSignalsAsync(db, before, cancellationToken);
    }

    public Task GrantServingRoleAsync(GovernanceDb ownerDb, string role, string? password, CancellationToken cancellationToken) =>
        real.GrantServingRoleAsync(ownerDb, role, password, cancellationToken);

    public bool IsUniqueViolation(Exception exception) => real.IsUniqueViolation(exception);

    public bool IsUnstorableText(Exception exception) => real.IsUnstorableText(exception);

    public bool IsReferenceViolation(Exception exception) => real.IsReferenceViolation(exception);

    /// <summary>What the one refuses without a transaction, so does the other.</summary>
    private async Task TellAsync(GovernanceDb db, Func<GovernanceDb, Task> say)
    {
        mirror.Note();
        await using var other = mirror.Open();
        await using var transaction = db.Database.CurrentTransaction is null ? null : await other.Database.BeginTransactionAsync();
        await say(other);
    }
}
