using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Connectors.GitHub.Http;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary>
/// <c>GET /repos/{owner}/{repo}/branches/{branch}/protection</c>: classic protection of the default branch. GitHub answers 404
/// both when there is none ("Branch not protected") and when one may not know.
/// </summary>
internal sealed class BranchProtection : RepositoryScope
{
    public override string Kind => "branch-protection";

    public override string Title => "protection of the default branch";

    public override string Permission => "Administration: read";

    public override async IAsyncEnumerable<IReadOnlyList<Observation>> ReadAsync(
        ScopeReading reading, RepositoryPlace repository, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        BranchProtectionDocument? protection = null;
        try
        {
            protection = await reading.GetAsync(
                $"{repository.Path}/branches/{Branch(repository)}/protection", GitHubJson.Default.BranchProtectionDocument,
                cancellationToken);
        }
        catch (GitHubRefusal refusal) when (refusal.Kind == RefusalKind.NotFound && refusal.SaysNone)
        {
            // GitHub said in words that there is none: that is an answer.
        }

        if (protection is { EnforceAdmins: null, RequiredPullRequestReviews: null, RequiredStatusChecks: null, AllowForcePushes: null, Restrictions: null })
        {
            // Protection always says at least whether it holds for admins and whether force pushes are allowed.
            throw GitHubRefusal.NotAsDescribed();
        }

        yield return [Map(protection, repository)];
    }

    internal static ResourceObservation Map(BranchProtectionDocument? protection, RepositoryPlace repository)
    {
        var reviews = protection?.RequiredPullRequestReviews;
        return new($"branch-protection:{repository.Id}:{Text.Clean(repository.DefaultBranch, 200)}", ResourceKind.BranchProtection,
            $"protection of {repository.FullName}@{Text.Clean(repository.DefaultBranch, 100)}", repository.Reference)
        {
            Facts = new Dictionary<string, KnownValue>
            {
                ["branch"] = Text.Known(repository.DefaultBranch),
                ["source"] = KnownValue.Of("classic"),
                ["protected"] = KnownValue.Of(protection is not null),
                ["requiresPullRequest"] = KnownValue.Of(reviews is not null),
                ["approvals"] = KnownValue.Of(reviews?.RequiredApprovingReviewCount ?? 0),
                ["codeOwnerReview"] = KnownValue.Of(reviews?.RequireCodeOwnerReviews == true),
                ["dismissesStale"] = KnownValue.Of(reviews?.DismissStaleReviews == true),
                ["lastPushApproval"] = KnownValue.Of(reviews?.RequireLastPushApproval == true),
                ["mayBypassReview"] = Who(reviews?.BypassPullRequestAllowances),
                ["requiredChecks"] = Text.Set(protection?.RequiredStatusChecks?.Contexts),
                ["enforcedForAdmins"] = KnownValue.Of(protection?.EnforceAdmins?.Enabled == true),
                ["mayPush"] = protection?.Restrictions is null ? KnownValue.Of("anyone with write access") : Who(protection.Restrictions),
                ["signaturesRequired"] = protection is null ? KnownValue.Of(false) : Text.Known(protection.RequiredSignatures?.Enabled),
                ["blocksForcePush"] = KnownValue.Of(protection?.AllowForcePushes is { Enabled: false }),
                ["blocksDeletion"] = KnownValue.Of(protection?.AllowDeletions is { Enabled: false }),
                ["linearHistory"] = KnownValue.Of(protection?.RequiredLinearHistory?.Enabled == true),
                ["locked"] = KnownValue.Of(protection?.LockBranch?.Enabled == true),
            },
        };
    }

    private static KnownValue Who(RestrictionsDocument? who) => Text.Set(
        (who?.Users ?? []).Select(u => $"user:{u.Login}").Concat((who?.Teams ?? []).Select(t => $"team:{t.Slug}")).Concat((who?.Apps ?? []).Select(a => $"app:{a.Slug}")));
}
