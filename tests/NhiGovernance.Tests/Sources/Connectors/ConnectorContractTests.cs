using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Runs;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Sources.Connectors;

/// <summary>What every connector must keep to, whatever it reads. Each connector brings an <see cref="IConnectorHarness"/>.</summary>
public sealed class ConnectorContractTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;
    private static readonly JsonSerializerOptions AllFields = new() { WriteIndented = false };

    public static TheoryData<string> Keys => [.. Harnesses().Select(h => h.Key)];

    [Fact]
    public async Task Descriptors_OfAllConnectors_AreCompleteAndUnique()
    {
        await using var engine = database.CreateEngine();
        var descriptors = Connectors(engine.Services).Select(c => c.Descriptor).ToList();

        descriptors.Select(d => d.Key).ShouldBeUnique();
        descriptors.Select(d => d.Title).ShouldBeUnique();
        foreach (var descriptor in descriptors)
        {
            descriptor.Key.ShouldMatch("^[a-z][a-z0-9-]{1,39}$");
            descriptor.Title.ShouldNotBeNullOrWhiteSpace(descriptor.Key);
            descriptor.Summary.ShouldEndWith(".", Case.Sensitive, descriptor.Key);
            descriptor.DefaultInterval.ShouldBeInRange(TimeSpan.FromMinutes(5), TimeSpan.FromDays(7), descriptor.Key);
            descriptor.Settings.Select(s => s.Key).ShouldBeUnique();
            foreach (var setting in descriptor.Settings)
            {
                setting.Key.ShouldMatch("^[a-z][A-Za-z0-9]{0,59}$", descriptor.Key);
                setting.Label.ShouldNotBeNullOrWhiteSpace($"{descriptor.Key}.{setting.Key}");
                setting.Help.ShouldNotBeNullOrWhiteSpace($"{descriptor.Key}.{setting.Key}");
                (setting.Kind == SettingKind.Choice).ShouldBe(setting.Choices.Count > 0, $"{descriptor.Key}.{setting.Key}");
                if (setting.OnlyWhen is { } only)
                {
                    descriptor.Settings.ShouldContain(s => s.Key == only.Key, $"{descriptor.Key}.{setting.Key}");
                }
            }

            foreach (var permission in descriptor.Permissions)
            {
                permission.Name.ShouldNotBeNullOrWhiteSpace(descriptor.Key);
                permission.Unlocks.ShouldNotBeNullOrWhiteSpace(permission.Name);
                permission.Without.ShouldNotBeNullOrWhiteSpace(permission.Name);
            }

            if (descriptor.HostSetting is { } host)
            {
                descriptor.Settings.ShouldContain(s => s.Key == host, descriptor.Key);
            }
        }
    }

    [Fact]
    public async Task Harnesses_OfAllConnectors_AreThere()
    {
        await using var engine = database.CreateEngine();
        Connectors(engine.Services).Select(c => c.Descriptor.Key).Except(Harnesses().Select(h => h.Key)).ShouldBeEmpty();
    }

    [Fact]
    public void Connectors_InTheirSource_MakeNoWayOutOfTheirOwn()
    {
        string[] ways = ["new HttpClient", "HttpClientHandler", "SocketsHttpHandler", "WebRequest", "new TcpClient", "new Socket(", "Dns.GetHost"];
        Architecture.Repository.Files("src/NhiGovernance/Sources/Connectors", "*.cs")
            .SelectMany(f => ways.Where(w => File.ReadAllText(f).Contains(w, StringComparison.Ordinal)).Select(w => $"{Path.GetFileName(f)}: {w}"))
            .ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Read_ToItsEnd_KeepsTheContractAndNoSecretGetsOut(string key)
    {
        await using var engine = database.CreateEngine();
        await using var run = await StartAsync(key, engine);
        var watch = new ScopeWatch();
        var (identities, seen, pages) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<(Type, string)>(), 0);
        await foreach (var read in run.Case.Connector.ReadAsync(run.Context, Cancel))
        {
            Should.NotThrow(() => watch.Take(read));
            run.Said.Add(JsonSerializer.Serialize<object>(read, AllFields));
            if (read is ScopePage page)
            {
                pages += page.Observations.Count > 0 ? 1 : 0;
                page.Observations.Count.ShouldBeLessThanOrEqualTo(5_000);
                foreach (var observation in page.Observations)
                {
                    run.Said.Add(JsonSerializer.Serialize<object>(observation, AllFields));
                    Check(observation, identities, seen);
                }
            }
        }

        watch.Started.ShouldBeGreaterThan(0);
        watch.Open.ShouldBeEmpty("every scope that was started must be ended");
        pages.ShouldBeGreaterThanOrEqualTo(1);
        run.ShouldHaveSaidNoSecret();
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Read_CancelledBetweenPages_StopsAtTheNextOne(string key)
    {
        await using var engine = database.CreateEngine();
        await using var run = await StartAsync(key, engine);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var after = 0;
        try
        {
            await foreach (var read in run.Case.Connector.ReadAsync(run.Context, cancel.Token))
            {
                if (cancel.IsCancellationRequested)
                {
                    after += read is ScopePage ? 1 : 0;
                }
                else if (read is ScopePage)
                {
                    await cancel.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // As it should be; ending quietly is fine too.
        }

        after.ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public async Task Read_GuardRefusesEverything_EmitsNothing()
    {
        await using var engine = database.CreateEngine();
        var tried = 0;
        foreach (var key in Harnesses().Select(h => h.Key))
        {
            await using var run = await StartAsync(key, engine);
            if (run.Case.Http is null)
            {
                // It does not go out by HTTP, and is refused in every other test of the contract.
                continue;
            }

            tried++;
            var observations = 0;
            var complete = 0;
            try
            {
                await foreach (var read in run.Case.Connector.ReadAsync(run.Context with { Http = new RefusingHttp() }, Cancel))
                {
                    observations += read is ScopePage page ? page.Observations.Count : 0;
                    complete += read is ScopeEnded { Outcome: ScopeOutcome.Complete or ScopeOutcome.Unchanged } ? 1 : 0;
                }
            }
            catch (OutboundRefusedException)
            {
                // The run says so.
            }

            (observations, complete).ShouldBe((0, 0), key);
        }

        tried.ShouldBeGreaterThan(0, "no connector goes out by HTTP");
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Test_WithGoodSettings_TicksStepsWithoutSecrets(string key)
    {
        await using var engine = database.CreateEngine();
        await using var run = await StartAsync(key, engine);
        run.Case.Connector.Validate(run.Case.Settings).ShouldBeEmpty();
        var steps = new List<TestStep>();
        await foreach (var step in run.Case.Connector.TestAsync(run.Context, Cancel))
        {
            steps.Add(step);
            run.Said.Add($"{step.Name} {step.Detail}");
        }

        steps.ShouldNotBeEmpty();
        steps.ShouldAllBe(s => s.Name.Length > 0 && s.Detail.Length > 0);
        steps.Where(s => s.Outcome == TestOutcome.Fail).Select(s => $"{s.Name}: {s.Detail}").ShouldBeEmpty();
        run.ShouldHaveSaidNoSecret();
    }

    private static void Check(Observation observation, HashSet<string> identities, HashSet<(Type, string)> seen)
    {
        observation.NaturalKey.ShouldNotBeNullOrWhiteSpace();
        observation.NaturalKey.Length.ShouldBeLessThanOrEqualTo(400);
        var url = observation switch
        {
            IdentityObservation identity => identity.Url,
            ResourceObservation resource => resource.Url,
            _ => null,
        };
        url?.ShouldStartWith("https://");
        if (observation is IdentityObservation)
        {
            identities.Add(observation.NaturalKey);
        }
        else
        {
            // An identity may be told again with each of its credentials; everything else is listed once.
            seen.Add((observation.GetType(), observation.NaturalKey)).ShouldBeTrue($"{observation.NaturalKey} came twice");
        }

        if (observation is CredentialObservation credential)
        {
            identities.ShouldContain(credential.IdentityKey, $"the identity of {credential.NaturalKey} comes at or before it");
        }
    }

    private static async Task<ContractRun> StartAsync(string key, TestEngine engine)
    {
        var canary = $"canary{Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8))}";
        var harness = Harnesses().Single(h => h.Key == key);
        return new ContractRun(await harness.StartAsync(engine.Services, secret => $"{canary}-{secret}", Cancel), canary);
    }

    private static IEnumerable<IConnectorHarness> Harnesses() =>
        typeof(IConnectorHarness).Assembly.GetTypes()
            .Where(t => t is { IsClass: true, IsAbstract: false } && typeof(IConnectorHarness).IsAssignableFrom(t))
            .Select(t => (IConnectorHarness)Activator.CreateInstance(t)!)
            .OrderBy(h => h.Key, StringComparer.Ordinal);

    private static List<IConnector> Connectors(IServiceProvider services) =>
        [.. ConnectorCatalogue.TypesIn(typeof(ConnectorCatalogue).Assembly).Select(t => (IConnector)ActivatorUtilities.CreateInstance(services, t))];
}
