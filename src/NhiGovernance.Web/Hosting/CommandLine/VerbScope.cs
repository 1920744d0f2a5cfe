using System.CommandLine;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Web.Hosting.Database;
using NhiGovernance.Web.Hosting.Postgres;

namespace NhiGovernance.Web.Hosting.CommandLine;

/// <summary>
/// What a verb works with: the same services as the application that serves, on the same database, acting as the system. It
/// joins a running embedded server or starts it for its own time. Nothing listens and no job runs.
/// </summary>
internal sealed class VerbScope : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly EmbeddedPostgres? _postgres;
    private readonly AsyncServiceScope _scope;

    private VerbScope(WebApplication app, EmbeddedPostgres? postgres)
    {
        (_app, _postgres) = (app, postgres);
        _scope = app.Services.CreateSystemScope("command line");
    }

    public IServiceProvider Services => _scope.ServiceProvider;

    public IConfiguration Configuration => _app.Configuration;

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    public static async Task<VerbScope> OpenAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var builder = NhiApplication.CreateBuilder(parsed.Settings());
        var (database, postgres) = await DatabaseSettings.ConnectAsync(builder.Configuration, PostgresUse.Verb, cancellationToken);
        try
        {
            await DatabaseSetup.MigrateIfAskedAsync(database, builder.Configuration, cancellationToken);
            return new VerbScope(Pipeline.BuildWithoutRequests(builder, database), postgres);
        }
        catch
        {
            await (postgres?.DisposeAsync() ?? ValueTask.CompletedTask);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _scope.DisposeAsync();
        await _app.DisposeAsync();
        await (_postgres?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    /// <summary>Runs one use case and turns its outcome into output and an exit code: results to stdout, refusals to stderr.</summary>
    public static async Task<int> RunAsync<T>(
        ParseResult parsed, Func<VerbScope, CancellationToken, Task<Result<T>>> run, Func<T, string> print, CancellationToken cancellationToken)
    {
        await using var scope = await OpenAsync(parsed, cancellationToken);
        var result = await run(scope, cancellationToken);
        if (!result.IsOk)
        {
            await parsed.Errors().WriteLineAsync(result.Error.Message);
            return result.Error is Error.Invalid ? NhiCommandLine.WrongUse : NhiCommandLine.Failed;
        }

        var text = print(result.Value);
        if (text.Length > 0)
        {
            await parsed.Output().WriteLineAsync(text);
        }

        return NhiCommandLine.Done;
    }
}
