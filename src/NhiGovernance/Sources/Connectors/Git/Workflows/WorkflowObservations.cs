using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.Git.Workflows;

/// <summary>
/// From reports to observations: each file a resource; each job that publishes, releases, deploys, signs or pushes, or may where its code was not read, a principal;
/// each exchange of the job's token a federated trust. Secrets are only named: the secrets themselves are the CI system's.
/// </summary>
internal static class WorkflowObservations
{
    public static IEnumerable<Observation> From(WorkflowReport report, GitAddress address, string? branch)
    {
        var place = new PlaceReference("repository", address.Place);
        yield return new ResourceObservation($"workflow:{NaturalKeys.Bound(report.Path)}", ResourceKind.WorkflowFile,
            NaturalKeys.Cut(report.Workflow is { } w ? $"{w.FileName}: {w.Name}" : Emit.Short(report.Path), 300), place)
        {
            Url = Links.File(address, branch, report.Path),
            Facts = WorkflowFileFacts.Of(report),
        };

        foreach (var job in report.Jobs)
        {
            if (job.Capabilities.Count + job.Called.Count > 0 || job.MayRelease)
            {
                yield return JobIdentity(report, job, address, branch, place);
            }

            foreach (var login in job.Logins.Where(l => l.Mode == LoginMode.Oidc).GroupBy(l => (l.Target, l.Role)).Select(g => g.First()))
            {
                yield return Trust(report, job, login, address, branch, place);
            }
        }
    }

    private static IdentityObservation JobIdentity(WorkflowReport report, JobReport job, GitAddress address, string? branch, PlaceReference place)
    {
        var grants = job.Capabilities.Concat(job.Called).GroupBy(c => (c.Kind, c.What))
            .Select(g => new GrantObservation($"{g.Key.Kind.ToString().ToLowerInvariant()}: {g.Key.What}", address.Place, AltersRelease: true))
            .Concat(job.Permissions.Scopes.Where(s => s.Value == "write").OrderBy(s => s.Key, StringComparer.Ordinal)
                .Select(s => new GrantObservation($"{s.Key}:write", address.Place, WorkflowPermissions.AltersRelease(s.Key), Privileged: s.Key == "*")))
            .Concat(job.MayRelease ? [new GrantObservation("may alter a release: not known", address.Place, AltersRelease: true)] : Array.Empty<GrantObservation>())
            .Take(Emit.Most).ToList();
        return new IdentityObservation($"job:{NaturalKeys.Bound($"{report.Path}#{job.Job.Id}")}", IdentityKind.WorkflowJob,
            NaturalKeys.Cut($"{report.Workflow!.FileName} / {Emit.Short(job.Job.Id)}", 300), place)
        {
            Url = Links.File(address, branch, report.Path, job.Job.Line),
            CreatedAt = KnownValue.NotExposed,
            LastUsedAt = KnownValue.NotExposed,
            ExpiresAt = KnownValue.Never(),
            JoinKeys = address.WebRoot is { } root ? [$"workflow:{NaturalKeys.Bound($"{root}/{report.Path}")}"] : [],
            Grants = grants,
            Facts = new Dictionary<string, KnownValue>
            {
                ["workflow"] = KnownValue.Of(Emit.Short(report.Path)),
                ["line"] = KnownValue.Of(job.Job.Line),
                ["does"] = Emit.List(job.Capabilities.Concat(job.Called), job.MayDoMore),
                ["calls"] = job.Job.Uses is { } called ? KnownValue.Of(Emit.Short(called)) : KnownValue.Never(),
                ["secrets"] = Emit.List(job.Secrets, job.Job.Unread),
                ["logins"] = Emit.List(job.Logins, job.MayFederateUnseen || job.MayHoldStaticKeys),
                ["tokenPermissions"] = job.Permissions.Source == PermissionSource.Default
                    ? KnownValue.NotExposed
                    : Emit.Json(job.Permissions.Scopes),
                ["environment"] = job.Job.Environment is { } environment ? KnownValue.Of(environment.Name) : KnownValue.Never(),
                ["runner"] = job.Runner is { } runner ? Emit.Json(runner) : KnownValue.NotExposed,
                ["forkExposure"] = Emit.List(job.Exposures, job.OpenToForks),
                ["unknownActions"] = Emit.List(job.UnknownActions, job.Job.Unread || job.CalledUnread),
                ["unpinnedActions"] = Emit.List(job.Actions.Where(a => !a.IsPinned), job.Job.Unread),
                ["unpinnedImages"] = Emit.List(job.Images.Where(i => !i.Pinned), job.Job.Unread),
                ["codeOwners"] = Emit.List(report.Owners),
            },
        };
    }

    private static IdentityObservation Trust(
        WorkflowReport report, JobReport job, CloudLogin login, GitAddress address, string? branch, PlaceReference place)
    {
        // The default subject of GitHub's tokens; a repository may customize it, which git does not show.
        var subject = job.Job.Environment is { } environment && !environment.Name.Contains("${{", StringComparison.Ordinal)
            ? $"repo:{address.Place}:environment:{environment.Name}"
            : $"repo:{address.Place}";
        var role = login.Role is { Length: > 0 } named ? named : null;

        // Which of the Enterprise Servers, or none of GitHub's at all, an unknown host is, git does not say.
        var issuer = address.Uri is { } uri ? GitHubIssuer.Of(uri) : null;
        var target = login.Target ?? "unknown target";
        return new IdentityObservation($"trust:{NaturalKeys.Bound($"{report.Path}#{job.Job.Id}:{login.Target ?? "?"}:{role}")}", IdentityKind.FederatedTrust,
            NaturalKeys.Cut($"{target}{(role is null ? "" : $" {role}")} from {report.Workflow!.FileName} / {Emit.Short(job.Job.Id)}", 300), place)
        {
            Url = Links.File(address, branch, report.Path, login.Line),
            ExpiresAt = KnownValue.Never(),
            JoinKeys = [.. issuer is null ? [] : new[] { NaturalKeys.Bound($"oidc:{issuer}|{subject}") }, .. RoleKeys(login)],

            // Of an unknown target, and of a job of which it is not known what it does, it is not known either that it alters no release.
            Grants = [new GrantObservation($"federate: {target}", role ?? login.Audience ?? target, job.Capabilities.Count + job.Called.Count > 0 || job.MayDoMore || login.Target is "sigstore" or null)],
            Facts = new Dictionary<string, KnownValue>
            {
                ["target"] = KnownValue.Or(login.Target, KnownValue.NotExposed),

                // GitHub's own for this host; an enterprise may add its name to it, which git does not show.
                ["issuer"] = KnownValue.Or(issuer, KnownValue.NotExposed),
                ["subject"] = KnownValue.Of(Emit.Short(subject)),
                ["role"] = KnownValue.Or(role, KnownValue.NotExposed),
                ["audience"] = KnownValue.Or(login.Audience, KnownValue.NotExposed),
                ["workflow"] = KnownValue.Of(Emit.Short(report.Path)),
                ["job"] = KnownValue.Of(Emit.Short(job.Job.Id)),
                ["line"] = KnownValue.Of(login.Line),
                ["tokenPermission"] = KnownValue.Of(job.Permissions.Level("id-token")),
            },
        };
    }

    private static IEnumerable<string> RoleKeys(CloudLogin login) => login switch
    {
        { Role: { } role } when role.Contains("${{", StringComparison.Ordinal) => [],
        { Target: "aws", Role: { } arn } => [$"aws:{NaturalKeys.Bound(arn)}"],
        { Target: "azure", Role: { } client } => [$"azure:app:{NaturalKeys.Bound(client)}"],
        { Target: "gcp", Role: { } account } => [$"gcp:{NaturalKeys.Bound(account)}"],
        _ => [],
    };
}
