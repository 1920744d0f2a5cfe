using System.CommandLine;
using NhiGovernance.Web.Hosting.Database;
using NhiGovernance.Web.Hosting.Postgres;

namespace NhiGovernance.Web.Hosting.CommandLine;

/// <summary><c>migrate</c>: brings the database to this version's schema and grants the serving role its rights.</summary>
internal sealed class MigrateVerb : IVerb
{
    public Command Describe()
    {
        var command = new Command("migrate", "Bring the database to this version's schema, and end.");
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var builder = NhiApplication.CreateBuilder(parsed.Settings());
        var (database, postgres) = await DatabaseSettings.ConnectAsync(builder.Configuration, PostgresUse.Verb, cancellationToken);
        await using (postgres)
        {
            var applied = await DatabaseSetup.MigrateAsync(database, cancellationToken);
            await parsed.Output().WriteLineAsync(applied.Count == 0
                ? "Nothing to migrate: the schema is this version's."
                : $"Applied {string.Join(", ", applied)}.");
        }

        return NhiCommandLine.Done;
    }
}
