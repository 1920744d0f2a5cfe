using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common.Sealing;
using NhiGovernance.Data;
using NhiGovernance.Web.Hosting.Api;
using NhiGovernance.Web.Hosting.Database;

namespace NhiGovernance.Web.Hosting;

/// <summary>For load balancers and orchestrators: alive (the process answers), ready (its database does, and is migrated, and the keys are there).</summary>
internal static partial class Health
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/healthz", () => Results.Text("alive\n")).AllowAnonymous().WithTags("Health").AnswersText()
            .WithSummary("Is it alive").WithDescription("The process answers. Says nothing about its database.");
        app.MapGet("/readyz", ReadyAsync).AllowAnonymous().WithTags("Health").AnswersText().AnswersText(StatusCodes.Status503ServiceUnavailable)
            .WithSummary("Is it ready").WithDescription("The database answers and is migrated, and the keys can be used. Otherwise 503, and one line that says why.");
    }

    private static async Task<IResult> ReadyAsync(
        IDbContextFactory<GovernanceDb> contexts, KeyCheck keys, DatabaseConnection database, ILogger<HostRoles> log, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await using var db = await contexts.CreateDbContextAsync(either.Token);
            var pending = await db.Database.GetPendingMigrationsAsync(either.Token);
            if (pending.Any())
            {
                return Results.Text("not ready: migrations are pending; run the verb migrate\n", statusCode: StatusCodes.Status503ServiceUnavailable);
            }

            if (await keys.FindFaultSoonAsync(either.Token) is { } fault)
            {
                // Whoever may ask this need not know the folders of this machine.
                KeysUnusable(log, fault.Message);
                return Results.Text(
                    fault is KeyExposedException ? "not ready: a key file can be read by others; the log names it\n" : "not ready: a key-encryption key is missing or cannot be used; the log names it\n",
                    statusCode: StatusCodes.Status503ServiceUnavailable);
            }

            return Results.Text($"ready\n{AuditGuard.LineIfSoft(database)}");
        }
        catch (Exception error) when (error is DbException or InvalidOperationException or TimeoutException or OperationCanceledException)
        {
            NotReady(log, error);
            return Results.Text("not ready: the database does not answer\n", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Not ready: {Fault}")]
    private static partial void KeysUnusable(ILogger log, string fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Not ready: the database does not answer.")]
    private static partial void NotReady(ILogger log, Exception error);
}
