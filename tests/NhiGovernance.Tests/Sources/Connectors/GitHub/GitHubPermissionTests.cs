using NhiGovernance.Sources.Connectors.GitHub;
using NhiGovernance.Sources.Connectors.GitHub.Scopes;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>The permissions to copy when a source is set up are all that its lists need: none is found out by a refusal.</summary>
public sealed class GitHubPermissionTests
{
    private static readonly IReadOnlyList<GitHubScope> All =
    [
        new Repositories(), .. GitHubScopes.OfOrganizations, .. GitHubScopes.OfRepositories, new EnterpriseAppInstallations("acme-corp"),
        new WeekOfRequests(true, new DateOnly(2026, 6, 1)), new WeekOfRequests(false, new DateOnly(2026, 6, 1)),
        new AuditLog(static (_, _) => Task.CompletedTask), new AuditLogSample(),
    ];

    [Fact]
    public void Needed_OfEveryList_NamesWhatTheListAsksFor()
    {
        var names = GitHubPermissions.Needed.Select(n => n.Name).ToList();
        var lacking = All.SelectMany(s => Asked(s).Select(a => (s.Kind, Asked: a))).Where(a => !names.Exists(n => n.EndsWith(a.Asked, StringComparison.Ordinal)))
            .Select(a => $"{a.Kind} asks for \"{a.Asked}\"");
        lacking.ShouldBeEmpty();
    }

    [Fact]
    public void Lists_ThatTheConnectorHas_AreAllAmongThoseAbove()
    {
        var has = typeof(GitHubScope).Assembly.GetTypes().Where(t => t is { IsAbstract: false } && t.IsSubclassOf(typeof(GitHubScope))).ToList();
        has.Count.ShouldBeGreaterThan(30);
        has.Except(All.Select(s => s.GetType())).ShouldBeEmpty();
    }

    /// <summary>What no list of a poll asks for: reviews and approvals, and the scopes of classic tokens.</summary>
    [Theory]
    [InlineData("repository: Pull requests: read")]
    [InlineData("repository: Contents: read")]
    [InlineData("repository: Actions: read")]
    [InlineData("Classic token: scope repo")]
    [InlineData("Classic token: scope read:org")]
    [InlineData("Classic token: scope admin:org")]
    [InlineData("Classic token: scope admin:org_hook")]
    [InlineData("Classic token: scope read:repo_hook")]
    [InlineData("Classic token: scope security_events")]
    [InlineData("Classic token: scope read:audit_log")]
    public void Needed_OfReviewsAndClassicTokens_IsThereOnce(string name) =>
        GitHubPermissions.Needed.Count(n => n.Name.EndsWith(name, StringComparison.Ordinal)).ShouldBe(1);

    /// <summary>What a person was told to grant is not called too much by the connection test.</summary>
    [Fact]
    public void Needed_OfClassicTokens_IsNoMoreThanReadingNeeds()
    {
        const string Classic = "Classic token: scope ";
        var scopes = GitHubPermissions.Needed.Where(n => n.Name.StartsWith(Classic, StringComparison.Ordinal)).Select(n => n.Name[Classic.Length..]).ToList();
        scopes.Count.ShouldBe(7);
        scopes.ShouldAllBe(s => GitHubPermissions.ReadingScopes.Contains(s));
        GitHubPermissions.Needed.Select(n => n.Name).ShouldBeUnique();
    }

    /// <summary>
    /// "Administration (organization): read (enterprise plan)" as "organization: Administration: read". A list that says nothing of an
    /// organization and is one's of a repository asks for a permission of repositories.
    /// </summary>
    private static IEnumerable<string> Asked(GitHubScope scope)
    {
        const string OfOrganization = " (organization)";
        foreach (var one in scope.Permission.Split("; "))
        {
            var plain = one.Split(", of ")[0].Replace(" (enterprise plan)", string.Empty, StringComparison.Ordinal);
            yield return plain.Contains(OfOrganization, StringComparison.Ordinal)
                ? $"organization: {plain.Replace(OfOrganization, string.Empty, StringComparison.Ordinal)}"
                : scope is RepositoryScope or Repositories ? $"repository: {plain}" : $": {plain}";
        }
    }
}
