using System.Data.Common;

namespace NhiGovernance.Data;

/// <summary>
/// What differs between databases, and only that. One implementation in each project under <c>migrations/</c>. Every method
/// works inside the context's current transaction unless it says otherwise.
/// </summary>
public interface IDialect
{
    /// <summary>"PostgreSQL" or "SQL Server".</summary>
    string Name { get; }

    /// <summary>The database's clock, UTC. Deadlines (leases, exceptions, tokens) are judged by it, not by a web node's clock.</summary>
    Task<DateTimeOffset> NowAsync(GovernanceDb db, CancellationToken cancellationToken);

    /// <summary>Takes an exclusive lock on a name until the current transaction ends. Waits; throws if there is no transaction.</summary>
    Task LockAsync(GovernanceDb db, string name, CancellationToken cancellationToken);

    /// <summary>
    /// Makes a temporary table of the given columns, which lives as long as the transaction, and bulk-loads the rows into it
    /// as a stream (COPY or SqlBulkCopy). Returns the quoted name to use in SQL.
    /// </summary>
    Task<string> StageAsync(GovernanceDb db, string name, IReadOnlyList<StagedColumn> columns, IEnumerable<object?[]> rows,
        CancellationToken cancellationToken);

    /// <summary>Bulk-loads rows straight into a table. Column order is the rows' order. Returns the number of rows.</summary>
    Task<long> LoadAsync(GovernanceDb db, string table, IReadOnlyList<StagedColumn> columns, IEnumerable<object?[]> rows,
        CancellationToken cancellationToken);

    /// <summary>
    /// Inserts the staged rows into <paramref name="table"/>, or updates <paramref name="update"/> where the unique
    /// <paramref name="key"/> columns are already there. Set-based. Returns the number of rows touched.
    /// </summary>
    Task<int> MergeAsync(GovernanceDb db, string staged, string table, IReadOnlyList<string> key,
        IReadOnlyList<string> insert, IReadOnlyList<string> update, CancellationToken cancellationToken);

    /// <summary>
    /// The rows of a set where one column is the given id and another one of the given strings, which together are unique. Every
    /// string is one look-up in that unique index, whatever the planner knows or does not know of the table. Can be composed.
    /// </summary>
    IQueryable<T> LookUp<T>(GovernanceDb db, string column, Guid id, string keyColumn, string[] keys)
        where T : class;

    /// <summary>A LIKE/ILIKE or full-text condition for "contains these words" that the table's text index serves.</summary>
    IQueryable<T> WhereContains<T>(IQueryable<T> rows, System.Linq.Expressions.Expression<Func<T, string>> text, string words);

    /// <summary>A parameter for raw SQL of this provider.</summary>
    DbParameter Parameter(string name, object? value);

    /// <summary>Tells every process that something changed. Ids only. Sent when the transaction commits.</summary>
    Task SignalAsync(GovernanceDb db, ChangeSignal signal, CancellationToken cancellationToken);

    /// <summary>Listens for <see cref="SignalAsync"/> of any process until cancelled; reconnects by itself.</summary>
    IAsyncEnumerable<ChangeSignal> ListenAsync(CancellationToken cancellationToken);

    /// <summary>Removes signals that were sent before an instant, where they are kept at all. Returns how many.</summary>
    Task<int> PruneSignalsAsync(GovernanceDb db, DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>Makes the serving role and grants it what it needs: everything but ownership, and no change of audit entries.</summary>
    Task GrantServingRoleAsync(GovernanceDb ownerDb, string role, string? password, CancellationToken cancellationToken);

    /// <summary>True when the exception says that a unique key is taken.</summary>
    bool IsUniqueViolation(Exception exception);

    /// <summary>True when the exception says that a row names one that is not there, or that one that is named would go.</summary>
    bool IsReferenceViolation(Exception exception);

    /// <summary>True when the exception says that a text holds what this database cannot store, such as NUL. The edge names the field; this is the net below.</summary>
    bool IsUnstorableText(Exception exception);
}

/// <summary>A column of a staged table: its snake_case name and CLR type (string, Guid, long, int, bool, DateTimeOffset, byte[]).</summary>
/// <param name="Json">True when the string is JSON (jsonb on PostgreSQL).</param>
public sealed record StagedColumn(string Name, Type Type, bool Json = false);

/// <summary>"This kind of thing changed": <paramref name="Topic"/> such as "poll-run" or "inventory", and the id concerned.</summary>
public sealed record ChangeSignal(string Topic, Guid Id);
