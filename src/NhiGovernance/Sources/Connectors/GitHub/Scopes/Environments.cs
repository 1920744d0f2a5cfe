using System.Globalization;
using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary><c>GET /repos/{owner}/{repo}/environments</c>, and the branch policies of those that have their own.</summary>
internal sealed class Environments : RepositoryScope
{
    public static readonly PageShape<EnvironmentsDocument, EnvironmentDocument> Shape = new(
        GitHubJson.Default.EnvironmentsDocument, static p => p.Environments, static p => p.TotalCount,
        static e => e.Id.ToString(CultureInfo.InvariantCulture));

    private static readonly PageShape<BranchPoliciesDocument, BranchPolicyDocument> PolicyShape = new(
        GitHubJson.Default.BranchPoliciesDocument, static p => p.BranchPolicies, static p => p.TotalCount, static p => $"{p.Type}:{p.Name}");

    public override string Kind => "environments";

    public override string Title => "environments";

    public override string Permission => "Actions: read";

    public override NotFoundMeans NotFound => NotFoundMeans.NotAvailable;

    public override async IAsyncEnumerable<IReadOnlyList<Observation>> ReadAsync(
        ScopeReading reading, RepositoryPlace repository, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in reading.ListAsync($"{repository.Path}/environments", Shape, cancellationToken))
        {
            var observations = new List<Observation>(page.Count);
            foreach (var environment in page)
            {
                observations.Add(Map(environment, repository, await PoliciesAsync(reading, repository, environment, cancellationToken)));
            }

            yield return observations;
        }
    }

    internal static ResourceObservation Map(EnvironmentDocument environment, RepositoryPlace repository, IReadOnlyList<string>? policies)
    {
        var name = Text.Name(environment.Name, $"environment {environment.Id}");
        var rules = environment.ProtectionRules;
        var reviewers = rules?.FirstOrDefault(r => r.Type == "required_reviewers");
        var settings = environment.DeploymentBranchPolicy;
        return new($"environment:{environment.Id}", ResourceKind.Environment, $"{repository.FullName}/{name}",
            new("environment", $"{repository.FullName}/{name}"))
        {
            Url = Text.Page(environment.HtmlUrl),
            Facts = new Dictionary<string, KnownValue>
            {
                ["createdAt"] = Text.KnownInstant(environment.CreatedAt),
                ["requiredReviewers"] = Text.Set(reviewers?.Reviewers?.Select(r => r.Type == "Team" ? $"team:{r.Reviewer?.Slug}" : $"user:{r.Reviewer?.Login}")),
                ["needsReview"] = KnownValue.Of(reviewers?.Reviewers is { Length: > 0 }),
                ["preventsSelfReview"] = KnownValue.Of(reviewers?.PreventSelfReview == true),
                ["waitMinutes"] = KnownValue.Of(rules?.FirstOrDefault(r => r.Type == "wait_timer")?.WaitTimer ?? 0),
                ["customRules"] = Text.Set(rules?.Where(r => r.App is not null).Select(r => r.App!.Slug)),
                ["adminsMayBypass"] = Text.Known(environment.CanAdminsBypass),
                ["branchPolicy"] = KnownValue.Of(settings is null ? "any" : settings.ProtectedBranches == true ? "protected" : "custom"),
                ["branches"] = policies is null ? KnownValue.NotExposed : Text.Set(policies),
            },
        };
    }

    /// <summary>By id, for lists that hang on each environment.</summary>
    public static async Task<IReadOnlyDictionary<long, string>> NamesAsync(ScopeReading reading, RepositoryPlace repository, CancellationToken cancellationToken)
    {
        var names = new Dictionary<long, string>();
        await foreach (var page in reading.ListAsync($"{repository.Path}/environments", Shape, cancellationToken))
        {
            foreach (var environment in page.Where(e => !string.IsNullOrEmpty(e.Name)))
            {
                names[environment.Id] = environment.Name!;
            }
        }

        return names;
    }

    private static async Task<IReadOnlyList<string>?> PoliciesAsync(
        ScopeReading reading, RepositoryPlace repository, EnvironmentDocument environment, CancellationToken cancellationToken)
    {
        if (environment.DeploymentBranchPolicy?.CustomBranchPolicies != true || string.IsNullOrEmpty(environment.Name))
        {
            return null;
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        var path = $"{repository.Path}/environments/{Uri.EscapeDataString(environment.Name)}/deployment-branch-policies";
        await foreach (var page in Part.OfListAsync(reading.ListAsync(path, PolicyShape, cancellationToken), "environments", cancellationToken))
        {
            if (page.Any(p => p.Name is null))
            {
                throw Http.GitHubRefusal.NotAsDescribed();
            }

            names.UnionWith(page.Select(p => p.Type == "tag" ? $"tag:{p.Name}" : Text.Clean(p.Name)));
        }

        return [.. names];
    }
}
