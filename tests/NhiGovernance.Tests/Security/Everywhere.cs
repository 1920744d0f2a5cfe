using System.Net;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NhiGovernance.Access;
using NhiGovernance.Tests.Access;
using NhiGovernance.Tests.Fixtures;
using NhiGovernance.Web.Access;
using NhiGovernance.Web.Shell;
using Npgsql;

namespace NhiGovernance.Tests.Security;

/// <summary>Every place from which something of the product can be read: tables, answers to GET, pages.</summary>
internal sealed class Everywhere(TestDatabase database, TestApplication app, Planted planted)
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    /// <summary>What a route's parameter may be, by the start of the route: the query gives the values. A new route has to be added here.</summary>
    private static readonly (string Start, string Sql)[] Values =
    [
        ("api/v1/sources/runs/", "SELECT id::text FROM poll_runs"),
        ("api/v1/sources/", "SELECT id::text FROM sources"),
        ("sources/{source:guid}/runs/", "SELECT source_id || '/' || number FROM poll_runs"),
        ("sources/", "SELECT id::text FROM sources"),
        ("api/v1/identities/", "SELECT id::text FROM identities"),
        ("identities/", "SELECT id::text FROM identities"),
        ("api/v1/resources/", "SELECT id::text FROM resources"),
        ("resources/", "SELECT id::text FROM resources"),
        ("api/v1/credentials/", "SELECT id::text FROM credentials"),
        ("credentials/", "SELECT id::text FROM credentials"),
        ("api/v1/people/", "SELECT id::text FROM people"),
        ("api/v1/teams/", "SELECT key FROM teams"),
        ("teams/", "SELECT key FROM teams"),
        ("api/v1/services/", "SELECT key FROM services"),
        ("services/", "SELECT key FROM services"),
        ("api/v1/products/", "SELECT key FROM products"),
        ("products/", "SELECT key FROM products"),
        ("api/v1/environments/", "SELECT key FROM environments"),
        ("environments/", "SELECT key FROM environments"),
        ("help/inventory-files/", "SELECT unnest(ARRAY['identities.csv', 'credentials.csv', 'people.csv', 'inventory.json'])"),
    ];

    /// <summary>Every column of every table, also those of the job store: as text, bytes as hex and as what is readable in them.</summary>
    public async Task TablesAsync()
    {
        await using var connection = new NpgsqlConnection(database.Connection.Owner);
        await connection.OpenAsync(Cancel);
        var columns = await RowsAsync(connection,
            """
            SELECT c.table_schema || '.' || c.table_name || '.' || c.column_name || '|' || c.data_type
            FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
            WHERE t.table_type = 'BASE TABLE' AND c.table_schema NOT IN ('pg_catalog', 'information_schema')
            """);
        foreach (var column in columns)
        {
            var (name, type) = (column.Split('|')[0], column.Split('|')[1]);
            var parts = name.Split('.');
            var value = $"\"{parts[2]}\"";
            value = type == "bytea" ? $"encode({value}, 'hex') || ' ' || encode({value}, 'escape')" : $"{value}::text";
            foreach (var text in await RowsAsync(connection, $"SELECT {value} FROM \"{parts[0]}\".\"{parts[1]}\" WHERE \"{parts[2]}\" IS NOT NULL"))
            {
                planted.Search("table", name, text);
            }
        }
    }

    /// <summary>Every GET route's answer, exports with them; and for a page also what its components draw.</summary>
    public async Task AnswersAsync(Browser browser, SignedIn session)
    {
        await using var connection = new NpgsqlConnection(database.Connection.Owner);
        await connection.OpenAsync(Cancel);
        foreach (var route in app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(IsRead))
        {
            var component = route.Metadata.GetMetadata<ComponentTypeMetadata>()?.Type;
            foreach (var path in await PathsAsync(connection, route.RoutePattern))
            {
                using var answer = await browser.GetAsync("/" + path);
                var body = await answer.Content.ReadAsStringAsync(Cancel);
                ((int)answer.StatusCode).ShouldBeLessThan(500, path);
                planted.Search("answer", path, answer.Headers.ToString() + answer.Content.Headers + body);
                if (component is not null)
                {
                    planted.Search("page", path, await DrawAsync(path, session));
                }
            }
        }
    }

    private static bool IsRead(RouteEndpoint route) =>
        (route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains("GET") ?? true)
        && route.RoutePattern.RawText is { } text && !text.Contains("_blazor", StringComparison.Ordinal)
        && !text.Contains("_framework", StringComparison.Ordinal) && !text.StartsWith("sign-in/link", StringComparison.Ordinal)
        && !text.TrimStart('/').StartsWith("sign-in/link", StringComparison.Ordinal)
        && !text.Contains("{*", StringComparison.Ordinal) && !route.Metadata.Any(m => m.GetType().Name == "StaticAssetDescriptor");

    private static async Task<IReadOnlyList<string>> PathsAsync(NpgsqlConnection connection, RoutePattern pattern)
    {
        var text = pattern.RawText!.TrimStart('/');
        var open = text.IndexOf('{', StringComparison.Ordinal);
        if (open < 0)
        {
            return [text];
        }

        var sql = Values.FirstOrDefault(v => text.StartsWith(v.Start, StringComparison.Ordinal)).Sql;
        sql.ShouldNotBeNull($"Nobody said what the parameter of {text} may be.");
        var values = await RowsAsync(connection, sql);
        var isTwo = text.LastIndexOf('{') > open;
        return [.. values.Select(v => isTwo
            ? $"{text[..open]}{v.Split('/')[0]}{text[(text.IndexOf('}', StringComparison.Ordinal) + 1)..text.LastIndexOf('{')]}{v.Split('/')[1]}"
            : text[..open] + v + text[(text.IndexOf('}', StringComparison.Ordinal) + 1)..])];
    }

    /// <summary>Draws the page in its frame as a circuit would, for the signed-in person; it waits for the page's own loads.</summary>
    private async Task<string> DrawAsync(string path, SignedIn session)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var user = Task.FromResult(new AuthenticationState(SessionClaims.Of(session)));
        services.GetRequiredService<CircuitActivity>().Open();
        ((ServerAuthenticationStateProvider)services.GetRequiredService<AuthenticationStateProvider>()).SetAuthenticationState(user);
        ((IHostEnvironmentNavigationManager)services.GetRequiredService<NavigationManager>()).Initialize(app.Address.ToString(), new Uri(app.Address, path).ToString());
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            RenderFragment child = builder =>
            {
                builder.OpenComponent<Routes>(0);
                builder.AddAttribute(1, nameof(Routes.Preferences), new Preferences());
                builder.CloseComponent();
            };
            var root = await renderer.RenderComponentAsync<CascadingAuthenticationState>(
                ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(CascadingAuthenticationState.ChildContent)] = child }));
            return WebUtility.HtmlDecode(root.ToHtmlString());
        });
    }

    private static async Task<List<string>> RowsAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        var rows = new List<string>();
        while (await reader.ReadAsync(Cancel))
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }
}
