using System.Globalization;
using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Connectors.GitHub.Http;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary><c>GET /repos/{owner}/{repo}/rules/branches/{branch}</c>: what rulesets of any level ask of the default branch; <c>…/rulesets/{id}</c>: who may bypass them.</summary>
internal sealed class BranchRules : RepositoryScope
{
    /// <summary>Each is a request of its own. The oldest ones, so that they are the same each time.</summary>
    internal const int MostRulesets = 30;

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
                _ = rule.Type ?? throw GitHubRefusal.NotAsDescribed();
                rules[Key(rule)] = rule;
            }
        }

        var ids = rules.Values.Select(r => r.RulesetId).OfType<long>().Distinct().Order().ToList();
        var rulesets = new List<Part<RulesetDocument>>();
        foreach (var id in ids.Take(MostRulesets))
        {
            rulesets.Add(await reading.PartAsync(
                string.Create(CultureInfo.InvariantCulture, $"{repository.Path}/rulesets/{id}?includes_parents=true"),
                GitHubJson.Default.RulesetDocument, Permission, cancellationToken));
        }

        var unread = ids.Count - rulesets.Count;
        if (unread > 0)
        {
            reading.Notes.Add(string.Create(
                CultureInfo.InvariantCulture, $"Who may bypass the rules of {repository.FullName} was read of its first {rulesets.Count} rulesets; of {unread:N0} more it is not known."));
        }

        yield return [Map([.. rules.Values], repository, rulesets, unread)];
    }

    /// <param name="rulesets">Those that were asked for.</param>
    /// <param name="unread">How many more there are.</param>
    internal static ResourceObservation Map(
        IReadOnlyList<BranchRuleDocument> rules, RepositoryPlace repository, IReadOnlyList<Part<RulesetDocument>> rulesets, int unread = 0)
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
                ["rulesetsRead"] = KnownValue.Of(unread == 0 ? "all" : string.Create(CultureInfo.InvariantCulture, $"first {rulesets.Count} of {rulesets.Count + unread}")),
                ["mayBypass"] = MayBypass(rulesets, unread),
                ["thisSignInMayBypass"] = rulesets.Select(r => r.Value?.CurrentUserCanBypass).OfType<string>().ToList() is { Count: > 0 } own
                    && (unread == 0 || own.Exists(o => o != "never")) ? Text.Set(own) : KnownValue.NotExposed,
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

    /// <summary>
    /// GitHub shows who may bypass only to those who may edit the ruleset, and leaves it out for all others. That nobody was found says
    /// nothing while some rulesets were not asked.
    /// </summary>
    private static KnownValue MayBypass(IReadOnlyList<Part<RulesetDocument>> rulesets, int unread)
    {
        if (rulesets.FirstOrDefault(r => r.Denied is not null) is { } denied)
        {
            return KnownValue.Denied(denied.Denied!);
        }

        if (rulesets.Any(r => r.Value is null))
        {
            return KnownValue.NotExposed;
        }

        if (rulesets.Any(r => r.Value!.BypassActors is null))
        {
            return KnownValue.Denied("Administration: write, of the ruleset");
        }

        var found = rulesets.SelectMany(r => r.Value!.BypassActors!)
            .Select(a => $"{a.ActorType}{(a.ActorId is { } id ? $":{id}" : string.Empty)} ({a.BypassMode ?? "always"})").ToList();
        return found.Count == 0 && unread > 0 ? KnownValue.NotExposed : Text.Set(found);
    }

    private static string Key(BranchRuleDocument rule) => $"{rule.RulesetId}:{rule.Type}";
}
