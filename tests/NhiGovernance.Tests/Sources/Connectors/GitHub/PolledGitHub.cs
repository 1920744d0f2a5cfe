using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NhiGovernance.Catalogue;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Inventory;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Connectors.GitHub;
using NhiGovernance.Sources.Connectors.GitHub.Http;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Manage;
using NhiGovernance.Sources.Outbound;
using NhiGovernance.Sources.Runs;
using NhiGovernance.Sources.Webhooks;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>
/// One source of the product on a scripted GitHub, polled as in production: queue, lease, connector, guard, TLS, reconcile,
/// memory and audit are the real ones. Only the connector's waiting is done by a clock that does not wait.
/// </summary>
internal sealed class PolledGitHub : IAsyncDisposable
{
    private const string HookSecret = "It's a Secret to Everybody";

    private static readonly string PrivateKey = NewKey();

    private readonly TestDatabase _database;
    private readonly ScriptedNetwork _network;
    private readonly ImpatientClock _clock;
    private readonly Hurried _connector;
    private readonly TestEngine _engine;

    private PolledGitHub(TestDatabase database, ScriptedNetwork network, ScriptedGitHub github, ImpatientClock clock)
    {
        (_database, _network, GitHub, _clock) = (database, network, github, clock);
        _connector = new Hurried(clock);
        _engine = database.CreateEngine(services =>
        {
            services.Replace(ServiceDescriptor.Singleton(new ConnectorCatalogue([_connector])));
            services.Replace(ServiceDescriptor.Singleton(TimeProvider.System));
            services.Replace(ServiceDescriptor.Singleton<IHostResolver>(network));
            services.Replace(ServiceDescriptor.Singleton(network.OptionsAt(github.Port)));
        },
        new Dictionary<string, string?> { ["Keys:Folder"] = SourceWorld.KeysOf(database) });
    }

    public ScriptedGitHub GitHub { get; }

    public Guid SourceId { get; private set; }

    public T Get<T>()
        where T : notnull => _engine.Get<T>();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <param name="asApp">Signs in as a GitHub App, whose repositories are another list; else by a token.</param>
    public static async Task<PolledGitHub> OpenAsync(TestDatabase database, ScriptedOrganization organization, bool asApp, int concurrency)
    {
        var clock = new ImpatientClock(TimeProvider.System.GetUtcNow());
        var network = new ScriptedNetwork();
        var polled = new PolledGitHub(database, network, await ScriptedGitHub.StartAsync(organization, clock, network), clock);
        var settings = new Dictionary<string, string>
        {
            ["address"] = polled.GitHub.Address, ["organization"] = ScriptedOrganization.Login, ["auth"] = asApp ? "app" : "token",
            ["concurrency"] = concurrency.ToString(CultureInfo.InvariantCulture), ["auditLog"] = "true",
        };
        if (organization.Lists.ContainsKey(ScriptedOrganization.Codespaces))
        {
            settings["codespacesSecrets"] = "true";
        }

        if (asApp)
        {
            (settings["appId"], settings["installationId"]) = ("7", "99");
            polled.GitHub.Extra = polled.MintAsync;
            polled.GitHub.Accepts = token => token.StartsWith("ghs_", StringComparison.Ordinal);
        }

        var secrets = new Dictionary<string, string> { [asApp ? "privateKey" : "token"] = asApp ? PrivateKey : ScriptedGitHub.Token, ["webhookSecret"] = HookSecret };
        var made = await polled._engine.Get<CreateSource>().RunAsync(
            new CreateSourceRequest("github", $"GitHub {Guid.CreateVersion7()}", settings, secrets, PollNow: false), Stop);
        made.IsOk.ShouldBeTrue(made.IsOk ? null : made.Error.ToString());
        polled.SourceId = made.Value.Id;
        return polled;
    }

    /// <summary>Somebody changes the patterns of repositories that are left out.</summary>
    public async Task LeaveOutAsync(string patterns)
    {
        var source = (await _engine.Get<GetSource>().RunAsync(new GetSourceRequest(SourceId), Stop)).Value;
        var settings = new Dictionary<string, string>(source.Settings) { ["exclude"] = patterns };
        var changed = await _engine.Get<UpdateSource>().RunAsync(new UpdateSourceRequest(SourceId, source.Row.Version, source.Row.Name, settings), Stop);
        changed.IsOk.ShouldBeTrue(changed.IsOk ? null : changed.Error.ToString());
    }

    /// <param name="hurry">Gives up on silence after half a second.</param>
    public async Task<PollRun> PollAsync(bool hurry = false)
    {
        _connector.Limits = hurry ? GitHubPolls.Quick with { RequestTime = TimeSpan.FromMilliseconds(500) } : GitHubPolls.Quick;
        var run = (await _engine.Get<PollNow>().RunAsync(new PollNowRequest(SourceId), Stop)).Value.RunId;
        await _engine.Get<PollSource>().RunAsync(run, Stop);
        await using var db = await _database.Contexts.CreateDbContextAsync(Stop);
        return await db.Set<PollRun>().AsNoTracking().SingleAsync(r => r.Id == run, Stop);
    }

    /// <summary>A delivery of GitHub's, taken as over HTTP, and the run that it queued, if it did.</summary>
    public async Task<(WebhookReceipt Receipt, PollRun? Run)> HearAsync(string eventName, string body)
    {
        var intake = _engine.Get<WebhookIntake>();
        var bytes = Encoding.UTF8.GetBytes(body);
        using var check = await intake.BeginAsync(SourceId, Stop);
        check.Append(bytes);
        var signature = "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(HookSecret), bytes));
        var receipt = await intake.TakeAsync(SourceId, check, signature, Guid.CreateVersion7().ToString(), eventName, bytes, Stop);
        return (receipt, await QueuedAsync());
    }

    /// <summary>The run that waits, if one does.</summary>
    public async Task<PollRun?> QueuedAsync()
    {
        await using var db = await _database.Contexts.CreateDbContextAsync(Stop);
        return await db.Set<PollRun>().AsNoTracking().SingleOrDefaultAsync(r => r.SourceId == SourceId && r.State == PollState.Queued, Stop);
    }

    public async Task<PollRun> RunAsync(PollRun queued)
    {
        _connector.Limits = GitHubPolls.Quick;
        await _engine.Get<PollSource>().RunAsync(queued.Id, Stop);
        await using var db = await _database.Contexts.CreateDbContextAsync(Stop);
        return await db.Set<PollRun>().AsNoTracking().SingleAsync(r => r.Id == queued.Id, Stop);
    }

    /// <summary>The time comes at which a queued run's lists are asked for again.</summary>
    public async Task DueAsync(PollRun queued)
    {
        var targets = ReadTarget.Read(queued.Targets)!.Select(t => t with { Due = t.Due is null ? null : DateTimeOffset.UnixEpoch });
        await using var db = await _database.Contexts.CreateDbContextAsync(Stop);
        await db.Set<PollRun>().Where(r => r.Id == queued.Id).ExecuteUpdateAsync(r => r.SetProperty(x => x.Targets, ReadTarget.Write(targets)), Stop);
    }

    public async Task<Source> SourceAsync()
    {
        await using var db = await _database.Contexts.CreateDbContextAsync(Stop);
        return await db.Set<Source>().AsNoTracking().SingleAsync(s => s.Id == SourceId, Stop);
    }

    /// <summary>As pages and the API show it.</summary>
    public async Task<SourceRow> SourceRowAsync() => (await _engine.Get<GetSource>().RunAsync(new GetSourceRequest(SourceId), Stop)).Value.Row;

    /// <summary>Which kept values are doubted.</summary>
    public async Task<string?> MarkAsync()
    {
        await using var db = await _database.Contexts.CreateDbContextAsync(Stop);
        return await db.Set<SourceMemory>().Where(m => m.SourceId == SourceId && m.Key == SourceMemory.DistrustKey).Select(m => m.Value).SingleOrDefaultAsync(Stop);
    }

    /// <summary>A person looks at what a run holds back, and lets it go or drops it.</summary>
    public async Task DecideAsync(PollRun held, bool release)
    {
        _engine.Actor.Be(Role.Approver);
        var decided = release
            ? await _engine.Get<ReleaseHeldRun>().RunAsync(new HeldRunRequest(held.Id), Stop)
            : await _engine.Get<DiscardHeldRun>().RunAsync(new HeldRunRequest(held.Id), Stop);
        decided.IsOk.ShouldBeTrue(decided.IsOk ? null : decided.Error.ToString());
        _engine.Actor.BeSystem("test");
    }

    /// <summary>Time goes on for the connector, and, as the database's clock cannot be moved, for what is missing.</summary>
    public async Task PassAsync(TimeSpan forConnector, TimeSpan forMissing)
    {
        _clock.Advance(forConnector);
        await using var db = await _database.Contexts.CreateDbContextAsync(Stop);
        await Shift<NhiGovernance.Inventory.Identity>(db);
        await Shift<NhiGovernance.Inventory.Credential>(db);
        await Shift<Resource>(db);
        await Shift<PersonHandle>(db);
        await NhiGovernance.Tests.Inventory.Stage.ShiftScopesAsync(db, SourceId, forMissing, Stop);

        Task<int> Shift<T>(GovernanceDb on)
            where T : class, IObserved =>
            on.Set<T>().Where(r => r.SourceId == SourceId && r.MissingSince != null)
                .ExecuteUpdateAsync(set => set.SetProperty(r => r.MissingSince, r => r.MissingSince!.Value - forMissing), Stop);
    }

    /// <summary>Rows of every table whose presence is wrong, by one statement a table.</summary>
    /// <param name="keys">True: those of the keys that are not present; false: the present ones that are none of the keys.</param>
    public async Task<List<Wrong>> WrongAsync(IReadOnlyCollection<string> truth, bool keys)
    {
        var array = truth.ToArray();
        await using var db = await _database.Contexts.CreateDbContextAsync(Stop);
        return
        [
            .. await In<NhiGovernance.Inventory.Identity>(db, "identity"), .. await In<NhiGovernance.Inventory.Credential>(db, "credential"),
            .. await In<Resource>(db, "resource"), .. await In<PersonHandle>(db, "person"),
        ];

        Task<List<Wrong>> In<T>(GovernanceDb on, string table)
            where T : class, IObserved =>
            on.Set<T>().AsNoTracking().Where(r => r.SourceId == SourceId)
                .Where(r => keys ? r.Presence != Presence.Present && array.Contains(r.NaturalKey) : r.Presence == Presence.Present && !array.Contains(r.NaturalKey))
                .Select(r => new Wrong(table, r.NaturalKey, r.Presence, r.MissingSince)).ToListAsync(Stop);
    }

    /// <summary>Identities, credentials, resources and people, in this order.</summary>
    public async Task<int[]> CountAsync(Presence presence)
    {
        await using var db = await _database.Contexts.CreateDbContextAsync(Stop);
        return
        [
            await Count<NhiGovernance.Inventory.Identity>(db), await Count<NhiGovernance.Inventory.Credential>(db),
            await Count<Resource>(db), await Count<PersonHandle>(db),
        ];

        Task<int> Count<T>(GovernanceDb on)
            where T : class, IObserved => on.Set<T>().CountAsync(r => r.SourceId == SourceId && r.Presence == presence, Stop);
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        await GitHub.DisposeAsync();
        _network.Dispose();
    }

    private async Task<bool> MintAsync(HttpContext http)
    {
        if (!http.Request.Path.Value!.EndsWith("/access_tokens", StringComparison.Ordinal))
        {
            return false;
        }

        if (GitHub.TakeSkew())
        {
            await GitHub.RefuseSkewedAsync(http);
            return true;
        }

        await ScriptedGitHub.WriteAsync(http, 201, JsonSerializer.Serialize(new
        {
            token = $"ghs_{Guid.CreateVersion7():N}", expires_at = _clock.GetUtcNow().AddHours(1).ToString("O", CultureInfo.InvariantCulture),
            permissions = new Dictionary<string, string> { ["contents"] = "write", ["metadata"] = "read" },
        }));
        return true;
    }

    private static string NewKey()
    {
        using var key = RSA.Create(2048);
        return key.ExportRSAPrivateKeyPem();
    }

    /// <param name="MissingSince">Moved back by every <see cref="PassAsync"/>, so a young one is this poll's.</param>
    internal sealed record Wrong(string Table, string Key, Presence Presence, DateTimeOffset? MissingSince)
    {
        public bool IsFresh => MissingSince > TimeProvider.System.GetUtcNow().AddHours(-6);
    }

    /// <summary>The real connector, on a clock that does not wait.</summary>
    private sealed class Hurried(TimeProvider clock) : IConnector
    {
        public GitHubLimits Limits { get; set; } = GitHubPolls.Quick;

        private GitHubConnector Inner => new(Limits);

        public ConnectorDescriptor Descriptor => Inner.Descriptor;

        public IReadOnlyList<FieldFault> Validate(SourceSettings settings) => Inner.Validate(settings);

        public IAsyncEnumerable<TestStep> TestAsync(ConnectorContext context, CancellationToken cancellationToken) =>
            Inner.TestAsync(context with { Clock = clock }, cancellationToken);

        public IAsyncEnumerable<ReadEvent> ReadAsync(ConnectorContext context, CancellationToken cancellationToken) =>
            Inner.ReadAsync(context with { Clock = clock }, cancellationToken);
    }
}
