using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Resources;

/// <summary>
/// What is risky for a release in what a run saw of a resource. Pure. It says only what was seen: that nothing is found is not
/// that nothing is there, and what could not be read is named as such.
/// </summary>
public static class ReleaseRisks
{
    /// <summary>Raised whenever the judgement changes, so that the next run judges every row anew.</summary>
    public const int Version = 1;

    /// <summary>
    /// Those that one row alone does not decide: a branch is protected by classic protection or by rulesets, each a row of its own.
    /// They count where no other present row of the same place says otherwise.
    /// </summary>
    public const ReleaseRisk Joint = ReleaseRisk.Unprotected | ReleaseRisk.Unreviewed;

    public static ReleaseRisk Sum(IEnumerable<RiskFinding> findings) => findings.Aggregate(ReleaseRisk.None, (sum, f) => sum | f.Risk);

    /// <summary>Of one row by itself, the worst first.</summary>
    public static IReadOnlyList<RiskFinding> Find(ResourceKind kind, IReadOnlyDictionary<string, KnownValue> facts) => kind switch
    {
        ResourceKind.WorkflowFile => [.. WorkflowRisks.Find(facts)],
        ResourceKind.BranchProtection => [.. Branch(facts)],
        ResourceKind.Environment => [.. Environment(facts)],
        ResourceKind.SecretAlert when Is(facts, "state", "open") =>
            [new(ReleaseRisk.OpenAlert, $"A leaked secret whose alert is open{(Is(facts, "validity", "active") ? ", and it still works" : Is(facts, "validity", "inactive") ? "; GitHub says that it works no more" : string.Empty)}")],
        ResourceKind.CiVariable when Is(facts, "looksLikeSecret", "true") =>
            [new(ReleaseRisk.SecretInVariable, "Its value looks like a secret, and everybody who may read the repository may read it")],
        ResourceKind.Organization when Text(facts, "defaultRepositoryPermission") is ("write" or "admin") and var level =>
            [new(ReleaseRisk.MembersWrite, $"Every member has {level} access to every repository")],
        ResourceKind.TokenRequest when Is(facts, "altersRelease", "true") =>
            [new(ReleaseRisk.TokenWaits, "Once approved, this token can alter a release")],
        ResourceKind.Review when Is(facts, "reviewerIsAuthor", "true") && Is(facts, "state", "APPROVED") =>
            [new(ReleaseRisk.SelfApproved, "Who wrote the change approved it")],
        _ => [],
    };

    /// <summary>The findings of a row beside the other rows of its kind and place.</summary>
    /// <param name="others">What all present others have in common; null when there is none.</param>
    public static IReadOnlyList<RiskFinding> Beside(IReadOnlyList<RiskFinding> found, ReleaseRisk? others) => found
        .Where(f => (f.Risk & Joint) == 0 || others is null || (others & f.Risk) != 0)
        .Select(f => (f.Risk, others) switch
        {
            (ReleaseRisk.Unprotected, null) => f with { Words = f.Words + "; whether anything else protects it is not known" },
            (ReleaseRisk.Unprotected, _) => f with { Words = "Nothing protects the default branch: neither classic protection nor a ruleset" },
            (ReleaseRisk.Unreviewed, null) => f with { Words = f.Words + "; whether anything else asks for a review is not known" },
            (ReleaseRisk.Unreviewed, _) => f with { Words = "Neither classic protection nor a ruleset asks for an approval before the default branch changes" },
            _ => f,
        })
        .ToArray();

    /// <summary>
    /// Adds what the run found and the kept facts no longer show: long lists are cut where their text is kept.
    /// </summary>
    internal static IReadOnlyList<RiskFinding> Complete(IReadOnlyList<RiskFinding> found, ReleaseRisk seen) =>
        Enum.GetValues<ReleaseRisk>().Where(r => r != ReleaseRisk.None && (seen & r) != 0 && found.All(f => f.Risk != r)).ToList() is { Count: > 0 } lost
            ? [.. found, .. lost.Select(r => new RiskFinding(r, $"{r}: seen by the run in a list that is too long to be kept whole"))]
            : found;

    internal static bool Is(IReadOnlyDictionary<string, KnownValue> facts, string name, string text) => Text(facts, name) == text;

    internal static string? Text(IReadOnlyDictionary<string, KnownValue> facts, string name) =>
        facts.GetValueOrDefault(name) is { State: Knowledge.Value } value ? value.Text : null;

    private static IEnumerable<RiskFinding> Branch(IReadOnlyDictionary<string, KnownValue> facts)
    {
        var classic = Is(facts, "source", "classic");
        if (Is(facts, "protected", "false"))
        {
            yield return new(ReleaseRisk.Unprotected, classic ? "No classic protection on the default branch" : "No ruleset holds for the default branch");
        }

        if (Is(facts, "requiresPullRequest", "false"))
        {
            yield return new(ReleaseRisk.Unreviewed, $"{(classic ? "Classic protection asks" : "The rulesets ask")} for no pull request before the default branch changes");
        }
        else if (Is(facts, "approvals", "0"))
        {
            yield return new(ReleaseRisk.Unreviewed, $"{(classic ? "Classic protection asks" : "The rulesets ask")} for no approval of a pull request");
        }
    }

    private static IEnumerable<RiskFinding> Environment(IReadOnlyDictionary<string, KnownValue> facts)
    {
        if (Is(facts, "needsReview", "false") && Is(facts, "branchPolicy", "any"))
        {
            yield return new(ReleaseRisk.OpenEnvironment, "Any branch deploys to it, and no review is asked for");
        }
    }
}
