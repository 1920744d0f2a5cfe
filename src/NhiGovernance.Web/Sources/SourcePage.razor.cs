using Microsoft.AspNetCore.Components;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Manage;
using NhiGovernance.Sources.Runs;
using NhiGovernance.Web.Shell;
using NhiGovernance.Web.Shell.Parts;

namespace NhiGovernance.Web.Sources;

public sealed partial class SourcePage
{
    private SourceDetail? _source;
    private Page<RunRow>? _runs;
    private RunDetail? _last;
    private SourceHealth? _health;
    private RunRow? _held;

    [Inject] private GetSource Get { get; set; } = default!;

    [Inject] private ListRuns Runs { get; set; } = default!;

    [Inject] private GetRun GetRun { get; set; } = default!;

    [Inject] private GetSourceHealth Health { get; set; } = default!;

    [Inject] private PollNow Poll { get; set; } = default!;

    [Inject] private CancelRun Cancel { get; set; } = default!;

    [Parameter] public Guid Id { get; set; }

    [SupplyParameterFromQuery(Name = "tab")] public string? TabName { get; set; }

    [SupplyParameterFromQuery(Name = "cursor")] public string? Cursor { get; set; }

    [SupplyParameterFromQuery(Name = "state")] public string? StateText { get; set; }

    [SupplyParameterFromQuery(Name = "trigger")] public string? TriggerText { get; set; }

    [CascadingParameter] private Viewer Viewer { get; set; } = default!;

    private bool May => Viewer.May(Permission.ManageSources) && _source?.Row.IsOwn == false;

    private PollState? State => Enum.TryParse<PollState>(StateText, out var state) ? state : null;

    private PollTrigger? Trigger => Enum.TryParse<PollTrigger>(TriggerText, out var trigger) ? trigger : null;

    private bool IsFiles => _source?.Row.ConnectorKey == "file";

    private bool TakesUploads => IsFiles && !_source!.Settings.Any(s => s is { Key: "from", Value: "path" });

    private IReadOnlyList<TabLink> Tabs =>
    [
        new("Runs", Tab(null), TabName is null or "runs", State is null && Trigger is null ? _runs?.Count.ToString() : null),
        new("Lists", Tab("scopes"), TabName == "scopes", SourceWords.Count(_source?.Row.Scopes.Total ?? 0)),
        .. IsFiles ? [new TabLink("Documents", Tab("documents"), TabName == "documents")] : Array.Empty<TabLink>(),
        new("Settings", Tab("settings"), TabName == "settings"),
    ];

    protected override Task OnParametersSetAsync() => ReloadAsync();

    private string Tab(string? name) => $"/sources/{Id}" + (name is null ? "" : $"?tab={name}");

    private Task ReloadAsync() => LoadAsync(ReadAsync, all => (_source, _runs, _health, _last, _held) = all);

    private async Task<Result<(SourceDetail Source, Page<RunRow> Runs, SourceHealth? Health, RunDetail? Last, RunRow? Held)>> ReadAsync(CancellationToken token)
    {
        var source = await Get.RunAsync(new GetSourceRequest(Id), token);
        if (!source.IsOk)
        {
            return source.Error;
        }

        var runs = await Runs.RunAsync(new ListRunsRequest(Id, Cursor, State: State, Trigger: Trigger), token);
        if (!runs.IsOk)
        {
            return runs.Error;
        }

        var health = await Health.RunAsync(new GetSourceHealthRequest(Id), token);
        RunDetail? last = null;
        if (source.Value.Row.LastRunId is { } id && TabName == "scopes")
        {
            var run = await GetRun.RunAsync(new GetRunRequest(id), token);
            last = run.IsOk ? run.Value : null;
        }

        RunRow? held = null;
        if (source.Value.Row.HeldRunId is { } waits)
        {
            var run = await GetRun.RunAsync(new GetRunRequest(waits), token);
            held = run is { IsOk: true, Value.Run: { State: PollState.Held } waiting } ? waiting : null;
        }

        return (source.Value, runs.Value, health.IsOk ? health.Value : null, last, held);
    }

    private async Task PollAsync()
    {
        if (await DoAsync(Poll.RunAsync(new PollNowRequest(Id), Life), "A run is waiting for a worker"))
        {
            await ReloadAsync();
        }
    }

    private async Task CancelAsync(CurrentRun run)
    {
        if (await DoAsync(Cancel.RunAsync(new CancelRunRequest(run.Id), Life), "The run stops at its next page"))
        {
            await ReloadAsync();
        }
    }
}
