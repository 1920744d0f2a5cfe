using System.Data;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common.Idempotency;
using NhiGovernance.Common.Sealing;
using NhiGovernance.Data;

namespace NhiGovernance.Common.UseCases;

/// <summary>
/// The one door through which state changes: who (loaded now), may they, change, audit, commit. The audit append is the
/// transaction's last statement; when it fails, nothing happened.
/// </summary>
public sealed class CommandDoor(
    IDbContextFactory<GovernanceDb> contexts, ICurrentActor current, IActors actors, IAuditTrail trail, IDialect dialect, TimeProvider clock,
    CurrentIdempotency idempotency)
{
    public async Task<Result<T>> RunAsync<T>(
        Permission permission,
        Func<CommandContext, CancellationToken, Task<Result<T>>> apply,
        CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
        var now = await dialect.NowAsync(db, cancellationToken);
        var actor = await QueryDoor.LoadAsync(db, current, actors, cancellationToken);
        if (actor.Error is { } nobody)
        {
            return nobody;
        }

        if (actor.Value.Refuses(permission, now) is { } refusal)
        {
            return refusal;
        }

        var context = new CommandContext(db, actor.Value, now, clock);
        try
        {
            var result = await apply(context, cancellationToken);
            if (!result.IsOk)
            {
                return result;
            }

            if (context.Records.Count == 0)
            {
                throw new InvalidOperationException($"A command ({permission.Name}) succeeded without an audit record.");
            }

            await db.SaveChangesAsync(cancellationToken);
            if (!await idempotency.MarkAsync(db, now, cancellationToken))
            {
                return new Error.Conflict("Another request with this Idempotency-Key was faster. Repeat this one to get its answer.");
            }

            foreach (var signal in context.Signals)
            {
                await dialect.SignalAsync(db, signal, cancellationToken);
            }

            await trail.AppendAsync(db, actor.Value, current.RequestId, context.Records, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return result;
        }
        catch (DbUpdateConcurrencyException)
        {
            return new Error.Conflict("Somebody changed this meanwhile. Load it again and repeat your change.");
        }
        catch (DbUpdateException error) when (dialect.IsUniqueViolation(error))
        {
            return new Error.Conflict("Something with this name or key is there already.");
        }
        catch (Exception error) when (dialect.IsReferenceViolation(error))
        {
            // Two at once: one removed what the other began to name.
            return new Error.Conflict("What this names was removed, or something began to name it, at this moment. Load it again and repeat your change.");
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
}
