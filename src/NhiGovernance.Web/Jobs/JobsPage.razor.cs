using Microsoft.AspNetCore.Components;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Jobs;
using NhiGovernance.Web.Shell;
using NhiGovernance.Web.Shell.Lists;

namespace NhiGovernance.Web.Jobs;

public sealed partial class JobsPage
{
    private static readonly FilterField[] s_fields =
    [
        new("kind", "Kind", [new("Poll", "Polls"), new("Keeping", "House-keeping")], ThreeWay: false),
        new("state", "State", [new("running", "Running or waiting"), new("off", "Switched off")], ThreeWay: false),
    ];

    [Inject] private ListJobs List { get; set; } = default!;

    [Inject] private RunJobNow RunNow { get; set; } = default!;

    [Inject] private CancelJob Cancel { get; set; } = default!;

    [Inject] private EnableJob Enable { get; set; } = default!;

    [Inject] private DisableJob Disable { get; set; } = default!;

    [SupplyParameterFromQuery(Name = "kind")] public string? Kind { get; set; }

    [SupplyParameterFromQuery(Name = "state")] public string? State { get; set; }

    protected override string Noun => "jobs";

    private bool May => Viewer.May(Permission.ManageJobs);

    protected override Task<Result<Page<JobRow>>> ReadAsync(CancellationToken cancellationToken) => List.RunAsync(
        new ListJobsRequest(
            Enum.TryParse<JobKind>(Kind, ignoreCase: true, out var kind) && Enum.IsDefined(kind) ? kind : null,
            Enum.TryParse<JobFilter>(State, ignoreCase: true, out var state) && Enum.IsDefined(state) ? state : null, Cursor, Size),
        cancellationToken);

    private Task RunAsync(JobRow job) => AfterAsync(DoAsync(RunNow.RunAsync(new RunJobNowRequest(job.Key), Life), $"{job.Title} is waiting for a worker"));

    private Task CancelAsync(JobRow job) => AfterAsync(DoAsync(Cancel.RunAsync(new CancelJobRequest(job.Key), Life), $"{job.Title} stops as soon as it can"));

    private Task SwitchAsync(JobRow job) => AfterAsync(job.IsEnabled
        ? DoAsync(Disable.RunAsync(new DisableJobRequest(job.Key), Life), $"{job.Title} is switched off")
        : DoAsync(Enable.RunAsync(new EnableJobRequest(job.Key), Life), $"{job.Title} is switched on"));

    private async Task AfterAsync(Task<bool> done)
    {
        if (await done)
        {
            await ReloadAsync();
        }
    }
}
