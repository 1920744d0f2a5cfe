using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace NhiGovernance.Tests.Data.SqlServer;

/// <summary>Parses T-SQL with Microsoft's own parser for SQL Server 2019. It parses; it executes nothing.</summary>
internal static class TransactSql
{
    public static void ShouldParse(string sql)
    {
        using var reader = new StringReader(sql);
        new TSql150Parser(initialQuotedIdentifiers: true).Parse(reader, out var errors);
        errors.ShouldBeEmpty(
            $"{string.Join("; ", errors.Select(e => $"line {e.Line}, column {e.Column}: {e.Message}"))}\n{sql}");
    }
}
