using System.Globalization;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Evidence;

/// <summary>Pull requests, reviews and approvals as observations. Pure.</summary>
internal static class ReviewMaps
{
    public static ResourceObservation Map(ReviewDocument review, PullRequestDocument pull, string repository, string commit)
    {
        var isAuthor = review.User is { } reviewer && pull.User is { } author && reviewer.Id == author.Id;
        return new($"review:{review.Id}", ResourceKind.Review, $"review of {repository}#{pull.Number} by {Text.Name(review.User?.Login, "somebody")}",
            new("repository", repository))
        {
            Url = Text.Page(review.HtmlUrl),
            Facts = new Dictionary<string, KnownValue>
            {
                ["commit"] = KnownValue.Of(commit),
                ["pullRequest"] = KnownValue.Of(pull.Number),
                ["mergedAt"] = Text.KnownInstant(pull.MergedAt),
                ["author"] = Text.Known(pull.User?.Login),
                ["reviewer"] = Text.Known(review.User?.Login),
                ["reviewerType"] = Text.Known(review.User?.Type),
                ["reviewerIsAuthor"] = review.User is null || pull.User is null ? KnownValue.NotExposed : KnownValue.Of(isAuthor),
                ["association"] = Text.Known(review.AuthorAssociation),
                ["state"] = Text.Known(review.State),
                ["submittedAt"] = Text.KnownInstant(review.SubmittedAt),

                // A review of an older state of the change says nothing of what was merged.
                ["reviewedCommit"] = Text.Known(review.CommitId),
                ["ofLastCommit"] = review.CommitId is null || pull.Head?.Sha is null ? KnownValue.NotExposed : KnownValue.Of(review.CommitId == pull.Head.Sha),
            },
        };
    }

    public static ResourceObservation Map(ApprovalDocument approval, ApprovedEnvironment environment, string repository, long run) =>
        new(string.Create(CultureInfo.InvariantCulture, $"approval:{run}:{environment.Id}:{approval.User?.Id ?? 0}:{approval.State}"), ResourceKind.Approval,
            $"{Text.Name(environment.Name, "environment")} {Text.Clean(approval.State, 40)} by {Text.Name(approval.User?.Login, "somebody")}",
            new("environment", $"{repository}/{Text.Name(environment.Name, "environment")}"))
        {
            Facts = new Dictionary<string, KnownValue>
            {
                ["run"] = KnownValue.Of(run),
                ["state"] = Text.Known(approval.State),
                ["reviewer"] = Text.Known(approval.User?.Login),
                ["environment"] = Text.Known(environment.Name),

                // GitHub's list of approvals has no time.
                ["at"] = KnownValue.NotExposed,
                ["comment"] = KnownValue.Redacted,
            },
        };

    public static ResourceObservation Brought(PullRequestDocument pull, string repository, string commit) =>
        new($"pull:{repository}:{pull.Number}", ResourceKind.Review, $"{repository}#{pull.Number}", new("repository", repository))
        {
            Url = Text.Page(pull.HtmlUrl),
            Facts = new Dictionary<string, KnownValue>
            {
                ["commit"] = KnownValue.Of(commit),
                ["pullRequest"] = KnownValue.Of(pull.Number),
                ["author"] = Text.Known(pull.User?.Login),
                ["mergedAt"] = Text.KnownInstant(pull.MergedAt),
                ["mergeCommit"] = Text.Known(pull.MergeCommitSha),
                ["into"] = Text.Known(pull.Base?.Ref),
            },
        };
}
