using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>
/// GitHub's API over a real socket, from an organization in memory: pages, entity tags, limits, permissions and faults. It is
/// never nicer than GitHub: its next pages go by the organization's number, its bodies hold what nobody may keep.
/// </summary>
public sealed class ScriptedGitHub : IAsyncDisposable
{
    public const string Token = "github_pat_CANARY0canary0CANARY0canary0";

    private readonly WebApplication _server;
    private readonly ConcurrentDictionary<FaultPlan, int> _hits = new();
    private readonly ConcurrentDictionary<string, bool> _mischief = new();

    private readonly ScriptedNetwork? _network;
    private int _skewed;

    private ScriptedGitHub(WebApplication server, ScriptedOrganization organization, TimeProvider clock, ScriptedNetwork? network)
    {
        (_server, Organization, Clock, _network) = (server, organization, clock, network);
        Remaining = 5000;
        Reset = clock.GetUtcNow().AddHours(1);
    }

    public ScriptedOrganization Organization { get; }

    public TimeProvider Clock { get; }

    public int Port => new Uri(_server.Urls.Single()).Port;

    public string Address => _network is null ? _server.Urls.Single() : ScriptedNetwork.AddressAt(Port);

    public string OtherScheme =>
        Address.StartsWith("https:", StringComparison.Ordinal) ? $"http:{Address[6..]}" : $"https:{Address[5..]}";

    public List<FaultPlan> Plans { get; } = [];

    /// <summary>Every request, in order: "GET path?query status".</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Every path that a list or a document was asked for by, and whether the script has one for it.</summary>
    public ConcurrentDictionary<string, bool> Asked { get; } = new(StringComparer.Ordinal);

    /// <summary>Requests that came while GitHub wanted none.</summary>
    public int Trespasses => _trespasses;

    public int Remaining { get; set; }

    public DateTimeOffset Reset { get; set; }

    /// <summary>Paths (by their end) that this sign-in lacks the permission for, with the header that GitHub sends.</summary>
    public Dictionary<string, string> Denied { get; } = new(StringComparer.Ordinal);

    public Func<string, bool> Accepts { get; set; } = token => token == Token;

    /// <summary>Answers before everything else; true when it did.</summary>
    public Func<HttpContext, Task<bool>>? Extra { get; set; }

    public IReadOnlyDictionary<string, string> ExtraHeaders { get; set; } = new Dictionary<string, string>();

    private DateTimeOffset _silentUntil = DateTimeOffset.MinValue;
    private int _trespasses;

    /// <param name="network">The way to it, with TLS; null for plain HTTP on loopback, which has no faults below HTTP.</param>
    internal static async Task<ScriptedGitHub> StartAsync(ScriptedOrganization organization, TimeProvider clock, ScriptedNetwork? network = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().UseUrls($"{(network is null ? "http" : "https")}://127.0.0.1:0").ConfigureKestrel(k =>
        {
            k.AddServerHeader = false;
            if (network is not null)
            {
                k.ConfigureHttpsDefaults(h => h.ServerCertificateSelector = (_, _) => network.Certificate);
            }
        });
        var app = builder.Build();
        var github = new ScriptedGitHub(app, organization, clock, network);
        app.Run(github.AnswerAsync);
        await app.StartAsync();
        return github;
    }

    public void Plan(ScriptedFault fault, string path, int page, int times = int.MaxValue) => Plans.Add(new(fault, path, page, times));

    public void Heal()
    {
        Plans.Clear();
        _hits.Clear();
        _mischief.Clear();
        _skewed = 0;
        _network?.Heal();
    }

    /// <summary>Plans that struck at least once since the last <see cref="Heal"/>.</summary>
    public int Struck => _hits.Count;

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _server.StopAsync(now.Token);
        await _server.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!.Replace("/api/v3/", string.Empty, StringComparison.Ordinal)
            .Replace($"organizations/{ScriptedOrganization.Id}/", $"orgs/{ScriptedOrganization.Login}/", StringComparison.Ordinal);
        if (Clock.GetUtcNow() < _silentUntil)
        {
            Interlocked.Increment(ref _trespasses);
        }

        http.Response.OnStarting(() =>
        {
            Requests.Enqueue($"{http.Request.Method} {path}{http.Request.QueryString} {http.Response.StatusCode}");
            return Task.CompletedTask;
        });
        http.Response.Headers.Date = Clock.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
        if (Extra is not null && await Extra(http))
        {
            return;
        }

        var token = http.Request.Headers.Authorization.ToString().Replace("Bearer ", string.Empty, StringComparison.Ordinal);
        // The App itself asks about its installation, by a JWT of its own.
        if ((!Accepts(token) && !path.StartsWith("app/", StringComparison.Ordinal) && !path.EndsWith("/installation", StringComparison.Ordinal)) || !http.Request.Headers.UserAgent.ToString().Contains("NhiGovernance", StringComparison.Ordinal)
            || http.Request.Headers["X-GitHub-Api-Version"].Count == 0)
        {
            await WriteAsync(http, 401, """{"message":"Bad credentials"}""");
            return;
        }

        if (Remaining <= 0 && Clock.GetUtcNow() >= Reset)
        {
            Remaining = 5000;
            Reset = Clock.GetUtcNow().AddHours(1);
        }

        Remaining--;
        http.Response.Headers["X-RateLimit-Limit"] = "5000";
        http.Response.Headers["X-RateLimit-Remaining"] = Math.Max(0, Remaining).ToString(CultureInfo.InvariantCulture);
        http.Response.Headers["X-RateLimit-Reset"] = Reset.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        foreach (var (name, value) in ExtraHeaders)
        {
            http.Response.Headers[name] = value;
        }

        if (Denied.FirstOrDefault(d => path.EndsWith(d.Key, StringComparison.Ordinal)) is { Key: not null } denied)
        {
            http.Response.Headers["X-Accepted-GitHub-Permissions"] = denied.Value;
            await WriteAsync(http, 403, """{"message":"Resource not accessible by integration"}""");
            return;
        }

        if (Remaining < 0)
        {
            _silentUntil = Reset;
            await WriteAsync(http, 403, """{"message":"API rate limit exceeded for installation."}""");
            return;
        }

        await ListOrDocumentAsync(http, path);
    }

    private async Task ListOrDocumentAsync(HttpContext http, string path)
    {
        var page = int.TryParse(http.Request.Query["page"], CultureInfo.InvariantCulture, out var asked) ? asked : 1;
        var size = int.TryParse(http.Request.Query["per_page"], CultureInfo.InvariantCulture, out var per) ? Math.Clamp(per, 1, 100) : 30;
        List<JsonNode> items;
        string? property;
        lock (Organization.Gate)
        {
            path = Organization.KeyOf(path, http.Request.Query["secret_type"]);
            Asked[path] = true;
            if (Organization.Documents.TryGetValue(path, out var document))
            {
                items = [document.DeepClone()];
                property = "";
            }
            else if (Organization.Lists.TryGetValue(path, out var list))
            {
                items = [.. list.Items.Where(i => Passes(i, http.Request.Query)).Select(i => i.DeepClone())];
                property = list.Property;
            }
            else
            {
                Asked[path] = false;
                items = Organization.Implied(path) ?? [];
                property = items.Count > 0 ? null : "404";
            }
        }

        if (property == "404")
        {
            await WriteAsync(http, 404, path.EndsWith("/protection", StringComparison.Ordinal) ? """{"message":"Branch not protected"}""" : """{"message":"Not Found"}""");
            return;
        }

        var answer = new ScriptedPage(this, http, path, property, items, page, size);
        if (Plans.Find(p => p.Path == path && p.Page == page && _hits.AddOrUpdate(p, 1, (_, n) => n + 1) <= p.Times) is { } plan)
        {
            await answer.WrongAsync(plan);
            return;
        }

        await answer.WriteAsync();
    }

    internal void Silence(TimeSpan time) => _silentUntil = Clock.GetUtcNow() + time;

    internal void Break(NetworkTrouble trouble, int times) => (_network ?? throw new InvalidOperationException($"{trouble} needs a network."))
        .Break(trouble, times, Port);

    /// <summary>The next signatures are refused as well.</summary>
    internal void Skew(int times) => _skewed = times;

    internal bool TakeSkew() => _skewed > 0 && Interlocked.Decrement(ref _skewed) >= 0;

    /// <summary>As GitHub says it to an App whose clock is off.</summary>
    internal Task RefuseSkewedAsync(HttpContext http)
    {
        http.Response.Headers.Date = Clock.GetUtcNow().AddMinutes(15).ToString("R", CultureInfo.InvariantCulture);
        return WriteAsync(http, 401, """{"message":"'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires"}""");
    }

    /// <summary>True the first time.</summary>
    internal bool Once(string what) => _mischief.TryAdd(what, true);

    internal static Task WriteAsync(HttpContext http, int status, string json)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json; charset=utf-8";
        return http.Response.WriteAsync(json);
    }

    internal static string Tag(string body) => $"W/\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)))}\"";

    internal static void Abort(HttpContext http) => http.Features.Get<IHttpRequestLifetimeFeature>()!.Abort();

    /// <summary>The filters of the lists of members and of alerts.</summary>
    private static bool Passes(JsonObject item, IQueryCollection query) =>
        (query["role"] != "admin" || (bool?)item["_admin"] == true) && (query["filter"] != "2fa_disabled" || (bool?)item["_weak"] == true)
        && ((string?)item["secret_type"] is not { } type || ScriptedOrganization.IsListed(type, query["secret_type"]));
}
