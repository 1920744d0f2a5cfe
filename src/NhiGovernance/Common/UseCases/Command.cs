namespace NhiGovernance.Common.UseCases;

/// <summary>Marks every use case, so that tests find them all by reflection.</summary>
public interface IUseCase
{
    Permission Permission { get; }
}

/// <summary>
/// A use case that changes something. It runs through <see cref="CommandDoor"/>: the permission is checked, <see cref="ApplyAsync"/>
/// changes state, the audit entry is appended as the last statement, and all of it is one transaction.
/// </summary>
public abstract class Command<TRequest, TResult>(CommandDoor door) : IUseCase
{
    public abstract Permission Permission { get; }

    public Task<Result<TResult>> RunAsync(TRequest request, CancellationToken cancellationToken = default) =>
        door.RunAsync(Permission, (context, token) => ApplyAsync(request, context, token), cancellationToken);

    /// <summary>
    /// Checks, decides, changes tracked entities (the door saves them) and says what it did by <c>CommandContext.Audit</c>.
    /// Returns an error to refuse; then nothing is kept.
    /// </summary>
    protected abstract Task<Result<TResult>> ApplyAsync(TRequest request, CommandContext context, CancellationToken cancellationToken);
}

/// <summary>A use case that reads. It sees what its actor may see, and nothing else.</summary>
public abstract class Query<TRequest, TResult>(QueryDoor door) : IUseCase
{
    public abstract Permission Permission { get; }

    public Task<Result<TResult>> RunAsync(TRequest request, CancellationToken cancellationToken = default) =>
        door.RunAsync(Permission, (context, token) => ReadAsync(request, context, token), cancellationToken);

    protected abstract Task<Result<TResult>> ReadAsync(TRequest request, QueryContext context, CancellationToken cancellationToken);
}

/// <summary>A read that streams rows, for exports: memory stays bounded whatever the size.</summary>
public abstract class StreamQuery<TRequest, TRow>(QueryDoor door) : IUseCase
{
    public abstract Permission Permission { get; }

    /// <summary>The check happens before the first row; a refusal is the result, not an exception mid-stream.</summary>
    public Task<Result<IAsyncEnumerable<TRow>>> RunAsync(TRequest request, CancellationToken cancellationToken = default) =>
        door.StreamAsync(Permission, (context, token) => ReadAsync(request, context, token), cancellationToken);

    protected abstract IAsyncEnumerable<TRow> ReadAsync(TRequest request, QueryContext context, CancellationToken cancellationToken);
}
