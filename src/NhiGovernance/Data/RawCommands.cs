using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace NhiGovernance.Data;

/// <summary>SQL of a dialect's own, on the context's connection.</summary>
public static class RawCommands
{
    /// <summary>A command on the context's connection, which is opened where it is not, in its transaction if there is one. To be disposed by the caller.</summary>
    public static async Task<DbCommand> CommandAsync(this GovernanceDb db, string sql, CancellationToken cancellationToken)
    {
        var connection = db.Database.GetDbConnection();
        if (connection.State != ConnectionState.Open)
        {
            await db.Database.OpenConnectionAsync(cancellationToken);
        }

        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
        return command;
    }
}
