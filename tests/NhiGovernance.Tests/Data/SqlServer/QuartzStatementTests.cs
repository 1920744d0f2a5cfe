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
        var script = Fill(reader.ReadToEnd());

        TransactSql.ShouldParse(script);
        foreach (var table in (string[])["LOCKS", "TRIGGERS", "FIRED_TRIGGERS", "JOB_DETAILS", "SCHEDULER_STATE"])
        {
            script.ShouldContain($"CREATE TABLE qrtz_{table}", Case.Insensitive);
        }
    }

    /// <summary>Medians in the form of other databases; Quartz asks SQL Server otherwise, and only where its history of executions is switched on.</summary>
    private const string OfOtherDatabases = "SqlSelectExecutionStatisticsAggregate";

    /// <summary>
    /// The statements that stand in Quartz as texts, and those that are begun there and lack one more condition. What it puts together
    /// in other ways while it runs is not among them.
    /// </summary>
    [Fact]
    public void Statements_OfQuartz_ParseAsTransactSql()
    {
        var statements = typeof(SqlServerDelegate).Assembly.GetType("Quartz.Impl.AdoJobStore.StdAdoConstants", throwOnError: true)!.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.FlattenHierarchy)
            .Where(f => f.FieldType == typeof(string) && f.Name != OfOtherDatabases).Select(f => (string?)f.GetValue(null)).OfType<string>()
            .Where(s => Statement().IsMatch(s)).Select(s => Fill(s.EndsWith("AND ", StringComparison.Ordinal) ? s + "1 = 1" : s)).ToList();

        statements.Count.ShouldBeGreaterThan(150);
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

    private static string Fill(string text) => text.Replace("{0}", "qrtz_", StringComparison.Ordinal).Replace("{1}", "qrtz_", StringComparison.Ordinal);

    [GeneratedRegex(@"^\s*(SELECT|INSERT|UPDATE|DELETE|MERGE)\s", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Statement();
}
