using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace NhiGovernance.Tests.Data.SqlServer.Mirror;

/// <summary>What a context is about to save, saved by SQL Server's provider too.</summary>
internal sealed class MirroringSaves(SqlServerMirror mirror) : SaveChangesInterceptor
{
    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        mirror.Note();
        foreach (var entry in eventData.Context!.ChangeTracker.Entries().Where(e => e.State is EntityState.Added or EntityState.Modified or EntityState.Deleted).ToList())
        {
            using var other = mirror.Open();
            var told = other.Entry(entry.CurrentValues.ToObject());
            told.State = entry.State;
            if (entry.State == EntityState.Modified)
            {
                foreach (var property in told.Properties)
                {
                    property.IsModified = entry.Property(property.Metadata.Name).IsModified;
                }
            }

            try
            {
                other.SaveChanges();
            }
            catch (DbUpdateException)
            {
                // No server, so no row was affected; the statement is what counts.
            }
        }

        return ValueTask.FromResult(result);
    }
}

/// <summary>SQL that the engine wrote itself.</summary>
internal sealed class MirroringCommands(SqlServerMirror mirror) : DbCommandInterceptor
{
    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (eventData.CommandSource == CommandSource.ExecuteSqlRaw)
        {
            mirror.Send(command.CommandText);
        }

        return ValueTask.FromResult(result);
    }
}
