using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Logging.Console;
using NhiGovernance.Web.Hosting.Database;
using NhiGovernance.Web.Hosting.Postgres;

namespace NhiGovernance.Web.Hosting;

/// <summary>
/// The product as an object: start it, ask for its address, dispose it. <c>Program</c> does no more, and neither does a
/// browser test:
/// <code>await using var app = await NhiApplication.StartAsync(["--urls=http://127.0.0.1:0", "--data=" + folder]);</code>
/// </summary>
public sealed class NhiApplication : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly EmbeddedPostgres? _postgres;

    private NhiApplication(WebApplication app, EmbeddedPostgres? postgres) => (_app, _postgres) = (app, postgres);

    public IServiceProvider Services => _app.Services;

    /// <summary>The first address that is listened on, with the port that was really taken.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()
        .Replace("//0.0.0.0", "//127.0.0.1", StringComparison.Ordinal)
        .Replace("//[::]", "//127.0.0.1", StringComparison.Ordinal));

    /// <summary>
    /// Finds or starts the database, migrates it (unless <c>Database:MigrateOnStart</c> is false), and listens.
    /// </summary>
    /// <param name="args">Settings as <c>--Key=value</c>; they win over environment variables and appsettings.json.</param>
    /// <param name="configure">For tests: replaces services after every slice has registered its own.</param>
    /// <exception cref="SettingException">A setting is missing or wrong; the message names it.</exception>
    /// <exception cref="Common.Sealing.KeyUnusableException">The keys with which the database's secrets are sealed are not here.</exception>
    public static async Task<NhiApplication> StartAsync(
        string[] args, Action<WebApplicationBuilder>? configure = null, CancellationToken cancellationToken = default)
    {
        var builder = CreateBuilder(args);
        builder.WebHost.UseStaticWebAssets();
        var (database, postgres) = await DatabaseSettings.ConnectAsync(builder.Configuration, PostgresUse.Serve, cancellationToken);
        try
        {
            await DatabaseSetup.MigrateIfAskedAsync(database, builder.Configuration, cancellationToken);
            var app = Pipeline.Build(builder, database, configure);
            await KeyStart.CheckAsync(app.Services, cancellationToken);
            AuditGuard.SayIfSoft(app.Services);
            await app.StartAsync(cancellationToken);
            var application = new NhiApplication(app, postgres);
            await ServingAddress.NoteAsync(app.Configuration, application.Address, cancellationToken);
            return application;
        }
        catch
        {
            await DisposeAsync(postgres);
            throw;
        }
    }

    /// <summary>Returns when the process is asked to end (Ctrl-C, SIGTERM) or the application stops itself.</summary>
    public Task WaitForShutdownAsync() => _app.WaitForShutdownAsync();

    public async ValueTask DisposeAsync()
    {
        ServingAddress.Forget(_app.Configuration);
        await _app.StopAsync();
        await _app.DisposeAsync();
        await DisposeAsync(_postgres);
    }

    /// <summary>Settings from appsettings.json beside the program, the environment and the command line, in this order.</summary>
    internal static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ApplicationName = typeof(NhiApplication).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });

        // Every slice that reads the setting sees the same folder, whatever the working folder becomes.
        builder.Configuration[PostgresOptions.DataKey] = PostgresOptions.DataFolderOf(builder.Configuration);

        // What a verb prints is its result; logs go beside it.
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        return builder;
    }

    private static ValueTask DisposeAsync(EmbeddedPostgres? postgres) => postgres?.DisposeAsync() ?? ValueTask.CompletedTask;
}
