using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common.Sealing;
using NhiGovernance.Data;

namespace NhiGovernance.Common.UseCases;

/// <summary>The door for reads: who (loaded now), may they, read with no tracking.</summary>
public sealed class QueryDoor(
    IDbContextFactory<GovernanceDb> contexts, ICurrentActor current, IActors actors, IDialect dialect, TimeProvider clock)
{
    public async Task<Result<T>> RunAsync<T>(
        Permission permission,
        Func<QueryContext, CancellationToken, Task<Result<T>>> read,
        CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var context = await OpenAsync(db, permission, cancellationToken);
        if (!context.IsOk)
        {
            return context.Error;
        }

        try
        {
            return await read(context.Value, cancellationToken);
        }
        catch (KeyUnusableException error)
        {
            return UnusableKeys.ToError(error);
        }
        catch (Exception error) when (dialect.IsUnstorableText(error))
        {
            return UnstorableTexts.ToError();
        }
    }

    public async Task<Result<IAsyncEnumerable<T>>> StreamAsync<T>(
        Permission permission,
        Func<QueryContext, CancellationToken, IAsyncEnumerable<T>> read,
        CancellationToken cancellationToken)
    {
        var db = await contexts.CreateDbContextAsync(cancellationToken);
        var context = await OpenAsync(db, permission, cancellationToken);
        if (!context.IsOk)
        {
            await db.DisposeAsync();
            return context.Error;
        }

        return Result.Ok(Stream(db, read(context.Value, cancellationToken), cancellationToken));
    }

    private static async IAsyncEnumerable<T> Stream<T>(
        GovernanceDb db, IAsyncEnumerable<T> rows, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using (db)
        {
            await foreach (var row in rows.WithCancellation(cancellationToken))
            {
                yield return row;
            }
        }
    }

    private async Task<Result<QueryContext>> OpenAsync(GovernanceDb db, Permission permission, CancellationToken cancellationToken)
    {
        db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
        var actor = await LoadAsync(db, current, actors, cancellationToken);
        if (actor.Error is { } nobody)
        {
            return nobody;
        }

        var now = clock.GetUtcNow();
        return actor.Value.Refuses(permission, now) is { } refusal ? refusal : new QueryContext(db, actor.Value, now);
    }

    internal static async Task<Result<Actor>> LoadAsync(
        GovernanceDb db, ICurrentActor current, IActors actors, CancellationToken cancellationToken)
    {
        var reference = await current.GetAsync(cancellationToken);
        if (reference is null)
        {
            return new Error.Forbidden("Sign in first.");
        }

        var actor = await actors.LoadAsync(db, reference, cancellationToken);
        return actor is null ? new Error.Forbidden("This sign-in or token no longer counts. Sign in again.") : actor;
    }
}
