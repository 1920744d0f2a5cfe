using System.Reflection;
using System.Text.RegularExpressions;
using Mono.Cecil;
using Mono.Cecil.Cil;
using NhiGovernance.Web.Hosting;
using Quartz.Impl.AdoJobStore;

namespace NhiGovernance.Tests.Data.SqlServer;

/// <summary>The schedule's store on SQL Server: the tables that Quartz makes, what it asks of them, and how we look whether they are there. Parsed, never executed.</summary>
public sealed partial class QuartzStatementTests
{
    private const string Script = "Quartz.Impl.AdoJobStore.Schema.create_sqlServer.sql";

    [Fact]
    public void Tables_OfQuartz_ParseAsTransactSql()
    {
        using var resource = typeof(SqlServerDelegate).Assembly.GetManifestResourceStream(Script).ShouldNotBeNull();
        using var reader = new StreamReader(resource);
        var batches = Batch().Split(reader.ReadToEnd().Replace("\r\n", "\n", StringComparison.Ordinal)).Where(b => b.Trim().Length > 0).Select(Fill).ToList();

        batches.ForEach(TransactSql.ShouldParse);
        var all = string.Join('\n', batches);
        foreach (var table in (string[])["LOCKS", "TRIGGERS", "FIRED_TRIGGERS", "JOB_DETAILS", "SCHEDULER_STATE"])
        {
            all.ShouldContain($"qrtz_{table}", Case.Insensitive);
        }
    }

    /// <summary>The statements that stand in Quartz as texts; those that it puts together while it runs are not among them.</summary>
    [Fact]
    public void Statements_OfQuartz_ParseAsTransactSql()
    {
        var statements = typeof(SqlServerDelegate).Assembly.GetType("Quartz.Impl.AdoJobStore.StdAdoConstants", throwOnError: true)!.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.FlattenHierarchy)
            .Where(f => f.FieldType == typeof(string)).Select(f => (string?)f.GetValue(null)).OfType<string>().Where(s => Statement().IsMatch(s)).Select(Fill).ToList();

        statements.Count.ShouldBeGreaterThan(80);
        statements.ForEach(TransactSql.ShouldParse);
    }

    [Fact]
    public void Question_WhetherTheTablesAreThere_ParsesAsTransactSql()
    {
        using var host = ModuleDefinition.ReadModule(typeof(NhiApplication).Assembly.Location);
        var statements = host.GetTypes().Where(t => t.FullName.StartsWith("NhiGovernance.Web.Jobs.QuartzTables", StringComparison.Ordinal))
            .SelectMany(t => t.Methods).Where(m => m.HasBody).SelectMany(m => m.Body.Instructions)
            .Where(i => i.OpCode.Code == Code.Ldstr).Select(i => (string)i.Operand).Where(s => Statement().IsMatch(s)).ToList();

        statements.ShouldHaveSingleItem();
        TransactSql.ShouldParse(statements[0]);
    }

    /// <summary>As the store does: the tables' prefix, and the scheduler's name where it is written in.</summary>
    private static string Fill(string text) => text
        .Replace("{0}", "qrtz_", StringComparison.Ordinal).Replace("{1}", "'nhi'", StringComparison.Ordinal)
        .Replace("[dbo].[QRTZ_", "[dbo].[qrtz_", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"^\s*GO\s*$", RegexOptions.Multiline | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Batch();

    [GeneratedRegex(@"^\s*(SELECT|INSERT|UPDATE|DELETE|MERGE)\s", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Statement();
}
