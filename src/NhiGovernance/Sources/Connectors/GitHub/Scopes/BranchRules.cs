using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary><c>GET /repos/{owner}/{repo}/rules/branches/{branch}</c>: what rulesets of any level ask of the default branch.</summary>
internal sealed class BranchRules : RepositoryScope
{
    public override string Kind => "branch-rules";

    public override string Title => "rules of the default branch";

    public override string Permission => "Metadata: read";

    public override NotFoundMeans NotFound => NotFoundMeans.NotAvailable;

    public override async IAsyncEnumerable<IReadOnlyList<Observation>> ReadAsync(
        ScopeReading reading, RepositoryPlace repository, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A branch's rules are one thing made of all pages, so pages of a reading that was repeated must not add up.
        var rules = new Dictionary<string, BranchRuleDocument>(StringComparer.Ordinal);
        var path = $"{repository.Path}/rules/branches/{Branch(repository)}";
        await foreach (var page in reading.ListAsync(path, GitHubJson.Default.BranchRuleDocumentArray, Key, cancellationToken))
        {
            foreach (var rule in page)
            {
                rules[Key(rule)] = rule;
            }
        }

        yield return [Map([.. rules.Values], repository)];
    }

    internal static ResourceObservation Map(IReadOnlyList<BranchRuleDocument> rules, RepositoryPlace repository)
    {
        bool Has(string type) => rules.Any(r => r.Type == type);
        var reviews = rules.Where(r => r.Type == "pull_request").Select(r => r.Parameters).OfType<BranchRuleParameters>().ToList();
        var checks = rules.Where(r => r.Type == "required_status_checks").SelectMany(r => r.Parameters?.RequiredStatusChecks ?? []);
        return new($"branch-rules:{repository.Id}:{Text.Clean(repository.DefaultBranch, 200)}", ResourceKind.BranchProtection,
            $"rules of {repository.FullName}@{Text.Clean(repository.DefaultBranch, 100)}", repository.Reference)
        {
            Facts = new Dictionary<string, KnownValue>
            {
                ["branch"] = Text.Known(repository.DefaultBranch),
                ["source"] = KnownValue.Of("rulesets"),
                ["protected"] = KnownValue.Of(rules.Count > 0),
                ["rules"] = Text.Set(rules.Select(r => r.Type)),
                ["rulesets"] = Text.Set(rules.Select(r => $"{r.RulesetSourceType}:{r.RulesetSource}:{r.RulesetId}")),
                ["requiresPullRequest"] = KnownValue.Of(Has("pull_request")),
                ["approvals"] = KnownValue.Of(reviews.Max(r => r.RequiredApprovingReviewCount) ?? 0),
                ["codeOwnerReview"] = KnownValue.Of(reviews.Any(r => r.RequireCodeOwnerReview == true)),
                ["dismissesStale"] = KnownValue.Of(reviews.Any(r => r.DismissStaleReviewsOnPush == true)),
                ["lastPushApproval"] = KnownValue.Of(reviews.Any(r => r.RequireLastPushApproval == true)),
                ["requiredChecks"] = Text.Set(checks.Select(c => c.Context)),
                ["signaturesRequired"] = KnownValue.Of(Has("required_signatures")),
                ["blocksForcePush"] = KnownValue.Of(Has("non_fast_forward")),
                ["blocksDeletion"] = KnownValue.Of(Has("deletion")),
                ["linearHistory"] = KnownValue.Of(Has("required_linear_history")),
            },
        };
    }

    private static string Key(BranchRuleDocument rule) => $"{rule.RulesetId}:{rule.Type}";
}
