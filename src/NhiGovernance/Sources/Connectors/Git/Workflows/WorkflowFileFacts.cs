using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.Git.Workflows;

/// <summary>
/// A report of a file as the facts of its resource. "Never" means: read to its end, and there is none. Where part of what its jobs
/// run was not read (a called workflow of another repository, an action that could not be read), nothing found is "not exposed".
/// </summary>
internal static class WorkflowFileFacts
{
    public static Dictionary<string, KnownValue> Of(WorkflowReport report)
    {
        var facts = new Dictionary<string, KnownValue>
        {
            ["path"] = KnownValue.Of(Emit.Short(report.Path)),
            ["codeOwners"] = Emit.List(report.Owners),
        };
        if (report.Workflow is not { } workflow)
        {
            facts["problem"] = KnownValue.Of($"could not be parsed: {report.Unreadable}");
            return facts;
        }

        var jobs = report.Jobs;
        var partial = report.IsPartial;
        facts["problem"] = KnownValue.Never();
        facts["triggers"] = Emit.List(workflow.Triggers.Select(t => new { name = Emit.Short(t.Name), line = t.Line, from = t.By?.From }));
        facts["jobs"] = Emit.List(jobs.Select(j => new { id = Emit.Short(j.Job.Id), line = j.Job.Line, uses = j.Job.Uses is { } u ? Emit.Short(u) : null }));
        facts["capabilities"] = Emit.List(jobs.SelectMany(j => j.Capabilities.Concat(j.Called)), partial || jobs.Any(j => j.MayDoMore));
        facts["secrets"] = Emit.List(jobs.SelectMany(j => j.Secrets), partial);
        facts["federation"] = Emit.List(jobs.SelectMany(j => j.Logins).Where(l => l.Mode == LoginMode.Oidc), partial || jobs.Any(j => j.MayFederateUnseen));
        facts["staticKeys"] = Emit.List(jobs.SelectMany(j => j.Logins).Where(l => l.Mode == LoginMode.Static), partial || jobs.Any(j => j.MayHoldStaticKeys));
        facts["selfHostedRunners"] = Emit.List(jobs.Select(j => j.Runner).OfType<RunnerUse>().Where(r => r.Kind != RunnerKind.Hosted), partial);
        facts["permissions"] = Emit.List(jobs.Select(j => new
        {
            job = Emit.Short(j.Job.Id),
            from = j.Permissions.Source,
            line = j.Permissions.Line,
            scopes = j.Permissions.Scopes,
        }));
        facts["thirdPartyActions"] = Emit.List(jobs.SelectMany(j => j.Actions).Where(a => a.ThirdParty), partial);
        facts["unknownActions"] = Emit.List(jobs.SelectMany(j => j.UnknownActions), partial || jobs.Any(j => j.CalledUnread));
        facts["unpinnedActions"] = Emit.List(jobs.SelectMany(j => j.Actions).Where(a => !a.IsPinned), partial);
        facts["reusableWorkflows"] = Emit.List(jobs.SelectMany(j => j.Actions).Where(a => a.IsWorkflow));
        facts["images"] = Emit.List(jobs.SelectMany(j => j.Images), partial);
        facts["unpinnedImages"] = Emit.List(jobs.SelectMany(j => j.Images).Where(i => !i.Pinned), partial);
        facts["forkExposure"] = Emit.List(jobs.SelectMany(j => j.Exposures), jobs.Count < workflow.Jobs.Count || jobs.Any(j => j.OpenToForks));
        facts["pipedToShell"] = Emit.List(jobs.SelectMany(j => j.PipedLines.Select(l => new { job = Emit.Short(j.Job.Id), line = l })), partial);
        facts["downloadedAndRun"] = Emit.List(jobs.SelectMany(j => j.Downloads).Where(d => d.Form == DownloadForm.RunAfter).Select(d => new { job = d.Job, line = d.Line }), partial);
        facts["environments"] = Emit.List(jobs.Where(j => j.Job.Environment is not null)
            .Select(j => new { name = j.Job.Environment!.Value.Name, job = Emit.Short(j.Job.Id), line = j.Job.Environment!.Value.Line }), partial);
        return facts;
    }
}
