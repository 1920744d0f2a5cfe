using NhiGovernance.Jobs;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Connectors.Own;
using NhiGovernance.Sources.Manage;
using NhiGovernance.Sources.Runs;

namespace NhiGovernance.Tests.Samples;

public sealed class SourceSamples : ISamples
{
    public void Add(SampleSet samples)
    {
        samples.For<CreateSource>(s => Task.FromResult<object>(new CreateSourceRequest(
            "github", s.Unique("Source"), new Dictionary<string, string> { ["address"] = "https://github.com", ["organization"] = "acme", ["auth"] = "token" })));
        samples.For<UpdateSource>(async s => await SourceAsync(s) is var source
            ? new UpdateSourceRequest(source.Id, source.Version, s.Unique("Renamed"), SettingsOf(source)) : null!);
        samples.For<SetSourceSecret>(async s => new SetSourceSecretRequest((await SourceAsync(s)).Id, "token", null));
        samples.For<RemoveSource>(async s => await SourceAsync(s) is var source ? new RemoveSourceRequest(source.Id, source.Version) : null!);
        samples.For<EnableSource>(async s => new EnableSourceRequest((await SourceAsync(s)).Id));
        samples.For<DisableSource>(async s => new DisableSourceRequest((await SourceAsync(s)).Id));
        samples.For<SetInterval>(async s => new SetIntervalRequest((await SourceAsync(s)).Id, 30));
        samples.For<PollNow>(async s => new PollNowRequest((await SourceAsync(s)).Id));
        samples.For<CancelRun>(async s => new CancelRunRequest(Run(s, await SourceAsync(s)).Id));
        samples.For<EnsureOwnSource>(new EnsureOwnSourceRequest());
        samples.For<RunJobNow>(new RunJobNowRequest("prune-runs"));
        samples.For<EnableJob>(new EnableJobRequest("prune-runs"));
        samples.For<DisableJob>(new DisableJobRequest("prune-runs"));
        samples.For<CancelJob>(async s =>
        {
            var source = await SourceAsync(s);
            Run(s, source);
            return new CancelJobRequest($"poll:{source.Id}");
        });
    }

    private static Dictionary<string, string> SettingsOf(Source source) =>
        System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, string>>(source.Settings)!;

    private static Task<Source> SourceAsync(SampleContext s) => Task.FromResult(s.Save(new Source
    {
        Id = s.NewId(),
        ConnectorKey = "github",
        Name = s.Unique("Source"),
        Settings = """{"address":"https://github.com","organization":"acme","auth":"token"}""",
        Host = "github.com",
        CreatedAt = s.Now,
    }));

    private static PollRun Run(SampleContext s, Source source) => s.Save(new PollRun
    {
        Id = s.NewId(),
        Number = 1,
        SourceId = source.Id,
        Fence = 0,
        Trigger = PollTrigger.Person,
        State = PollState.Queued,
        QueuedAt = s.Now,
        StartedAt = s.Now,
    });
}
