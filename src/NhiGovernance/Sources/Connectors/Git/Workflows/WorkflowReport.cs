using NhiGovernance.Sources.Connectors.Git.Owners;

namespace NhiGovernance.Sources.Connectors.Git.Workflows;

/// <summary>Everything found in one job.</summary>
internal sealed record JobReport(
    Job Job,
    WorkflowPermissions Permissions,
    IReadOnlyList<Capability> Capabilities,
    IReadOnlyList<SecretRead> Secrets,
    IReadOnlyList<CloudLogin> Logins,
    IReadOnlyList<ActionUse> Actions,
    RunnerUse? Runner,
    IReadOnlyList<ImageUse> Images,
    IReadOnlyList<ForkExposure> Exposures,
    IReadOnlyList<DownloadRun> Downloads)
{
    /// <summary>What the workflow of this repository that the job calls can do, as of the calling job.</summary>
    public IReadOnlyList<Capability> Called { get; init; } = [];

    /// <summary>Part of what it calls in this repository was not read.</summary>
    public bool CalledUnread { get; init; }

    /// <summary>Actions of which no rule says what they do.</summary>
    public IEnumerable<ActionUse> UnknownActions => Actions.Where(a => a.IsUnknown);

    /// <summary>What it does to what is shipped may be more than <see cref="Capabilities"/> and <see cref="Called"/> say.</summary>
    public bool MayDoMore => Job.Unread || CalledUnread || UnknownActions.Any();

    /// <summary>What it does to what is shipped is not known, and it holds a secret or a token that could, or a token of which git does not say what it may: it counts as one that may.</summary>
    public bool MayRelease => MayDoMore
        && (Secrets.Count > 0 || Permissions.Source == PermissionSource.Default || Permissions.Scopes.Any(s => s.Value == "write" && WorkflowPermissions.AltersRelease(s.Key)));

    /// <summary>A stranger may reach more than <see cref="Exposures"/> says.</summary>
    public bool OpenToForks { get; init; }

    /// <summary>It may ask for its OIDC token, and nothing that was read does: whatever else it runs may.</summary>
    public bool MayFederateUnseen => Job.Unread || (Permissions.Writes("id-token") && !Logins.Any(l => l.Mode == LoginMode.Oidc));

    /// <summary>It reads a secret, or computes a key, of which nobody here knows whether it is a cloud's or a registry's.</summary>
    public bool MayHoldStaticKeys => Job.Unread || Logins.Any(l => l.Mode == LoginMode.Computed)
        || Secrets.Select(s => s.Name).Except(Logins.Where(l => l.Mode == LoginMode.Static).SelectMany(l => l.Secrets)).Any();

    public IEnumerable<int> PipedLines => Downloads.Where(d => d.Form == DownloadForm.Piped).Select(d => d.Line);
}

/// <summary>One workflow file: read, or the reason why not. Pure: the same bytes give the same report.</summary>
internal sealed record WorkflowReport(string Path, Workflow? Workflow, IReadOnlyList<JobReport> Jobs, string? Unreadable)
{
    public IReadOnlyList<string> Owners { get; init; } = [];

    /// <summary>True when part of what its jobs run was not read: what is not found may stand there.</summary>
    public bool IsPartial => Jobs.Any(j => j.Job.Unread) || Jobs.Count < Workflow?.Jobs.Count;

    /// <param name="composite">The parsed action.yml of a folder of the same repository ("./.github/actions/x"), or null.</param>
    /// <param name="calls">How workflows of the repository call one another; null when that is not known.</param>
    public static WorkflowReport Read(
        string path, ReadOnlySpan<byte> bytes, string repositoryOwner, Func<string, YamlNode?> composite, WorkflowCalls? calls = null)
    {
        try
        {
            var workflow = Workflow.From(path, YamlReader.Read(bytes), composite);
            workflow = workflow with { Triggers = [.. workflow.Triggers, .. calls?.TriggersOf(workflow) ?? []] };
            return new WorkflowReport(path, workflow, [.. workflow.Jobs.Take(500).Select(j => Read(workflow, j, repositoryOwner) with
            {
                Called = [.. calls?.CapabilitiesOf(j) ?? []],
                CalledUnread = calls?.IsRead(j) == false,
            })], null);
        }
        catch (UnreadableYamlException error)
        {
            return new WorkflowReport(path, null, [], error.Message);
        }
    }

    public WorkflowReport With(CodeOwners? owners) => this with { Owners = owners?.For(Path)?.Owners ?? [] };

    private static JobReport Read(Workflow workflow, Job job, string owner) => new(
        job,
        WorkflowPermissions.Of(workflow, job),
        [.. ReleaseRules.Known.Of(job).Distinct()],
        [.. SecretReads.Of(workflow, job)],
        [.. CloudLogins.Of(workflow, job).DistinctBy(l => (l.Target, l.Mode, l.Role, l.Line, string.Join(',', l.Secrets)))],
        [.. ActionUses.Of(job, owner)],
        RunnerUses.Of(job),
        [.. ImageUses.Of(job)],
        [.. ForkReach.Of(workflow, job)],
        [.. job.Steps.Where(s => s.Run is not null).SelectMany(s => Downloads.In(s.Run!).Select(d => d with { Line = s.LineOf(d.Line), Job = Emit.Short(job.Id) })).Distinct()])
    {
        OpenToForks = ForkReach.IsOpen(workflow, job),
    };
}
