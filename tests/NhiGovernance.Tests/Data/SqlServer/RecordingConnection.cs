using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.SqlClient;

namespace NhiGovernance.Tests.Data.SqlServer;

/// <summary>
/// A connection with no server behind it: it keeps the text of every command and answers with no rows, except for the clock.
/// So each use case runs against the SQL Server provider, and what it would have sent can be parsed.
/// </summary>
/// <param name="answers">True: queries find a made-up row.</param>
/// <param name="exists">True: counts and EXISTS find something too; false: they find nothing, so that no name is taken.</param>
/// <param name="real">The rows of a real database, where there are some: what a query would find there, it finds here.</param>
internal sealed class RecordingConnection(
    ConcurrentBag<string> statements, bool answers = false, bool exists = false, RealRows? real = null) : DbConnection
{
    private ConnectionState _state = ConnectionState.Closed;

    public RecordingConnection()
        : this([])
    {
    }

    private int _answersLeft = answers ? 30 : 0;

    /// <summary>True: this query finds one made-up row. After thirty of them none does, so that what reads page after page ends.</summary>
    private bool Answers() => _answersLeft-- > 0;

    private bool Exists => exists;

    private RealRows? Real => real;

    /// <summary>What this connection inserted: it finds that again by a value of it, as in one transaction.</summary>
    private WrittenRows Written { get; } = new();

    public ConcurrentBag<string> Statements { get; } = statements;

    [AllowNull]
    public override string ConnectionString { get; set; } = "Server=nowhere;Database=none";

    public override string Database => "none";

    public override string DataSource => "nowhere";

    public override string ServerVersion => "15.00.2000";

    public override ConnectionState State => _state;

    public override void ChangeDatabase(string databaseName)
    {
    }

    public override void Close() => _state = ConnectionState.Closed;

    public override void Open() => _state = ConnectionState.Open;

    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => new Transaction(this, isolationLevel);

    protected override DbCommand CreateDbCommand() => new Command(this);

    private sealed class Transaction(RecordingConnection connection, IsolationLevel level) : DbTransaction
    {
        public override IsolationLevel IsolationLevel => level;

        public override bool SupportsSavepoints => true;

        protected override DbConnection DbConnection => connection;

        public override void Commit()
        {
        }

        public override void Rollback()
        {
        }

        public override void Save(string savepointName)
        {
        }

        public override void Rollback(string savepointName)
        {
        }

        public override void Release(string savepointName)
        {
        }
    }

    private sealed class Command(RecordingConnection connection) : DbCommand
    {
        private readonly SqlCommand _parameters = new();

        [AllowNull]
        public override string CommandText { get; set; } = string.Empty;

        public override int CommandTimeout { get; set; }

        public override CommandType CommandType { get; set; } = CommandType.Text;

        public override bool DesignTimeVisible { get; set; }

        public override UpdateRowSource UpdatedRowSource { get; set; }

        protected override DbConnection? DbConnection { get; set; } = connection;

        protected override DbParameterCollection DbParameterCollection => _parameters.Parameters;

        protected override DbTransaction? DbTransaction { get; set; }

        public override void Cancel()
        {
        }

        public override int ExecuteNonQuery()
        {
            Record();
            return 1;
        }

        public override object? ExecuteScalar()
        {
            Record();
            return Answer();
        }

        public override void Prepare()
        {
        }

        protected override DbParameter CreateDbParameter() => new SqlParameter();

        protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior)
        {
            Record();
            if (Answer() is null && IsAggregate)
            {
                return new MadeUpReader(CommandText, connection.Exists);
            }

            if (connection.Written.Find(CommandText, _parameters.Parameters) is { } written)
            {
                return new MadeUpReader(CommandText, row: written);
            }

            if (Answer() is null && connection.Answers())
            {
                var row = connection.Real?.Find(CommandText, _parameters.Parameters);
                if (row is not null || connection.Real is null || !RealRows.IsOfOneTable(CommandText))
                {
                    return new MadeUpReader(CommandText, row: row);
                }
            }

            var table = new DataTable();
            if (Answer() is { } value)
            {
                table.Columns.Add("Value", value.GetType());
                table.Rows.Add(value);
            }

            return table.CreateDataReader();
        }

        /// <summary>These give a row whatever is there.</summary>
        private bool IsAggregate => CommandText.StartsWith("SELECT COUNT", StringComparison.Ordinal)
            || (CommandText.StartsWith("SELECT CASE", StringComparison.Ordinal) && CommandText.Contains("WHEN EXISTS", StringComparison.Ordinal) && !CommandText.Contains("\nFROM [", StringComparison.Ordinal));

        private void Record()
        {
            connection.Statements.Add(CommandText);
            connection.Written.Take(CommandText, _parameters.Parameters);
        }

        private object? Answer() => CommandText.StartsWith("SELECT SYSUTCDATETIME()", StringComparison.Ordinal)
            ? new DateTime(2026, 11, 21, 12, 0, 0, DateTimeKind.Utc)
            : null;
    }
}
