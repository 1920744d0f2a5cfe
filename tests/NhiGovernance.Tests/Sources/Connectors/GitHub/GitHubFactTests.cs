using System.Text.Json;
using NhiGovernance.Sources.Connectors.GitHub;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Connectors.GitHub.Scopes;
using NhiGovernance.Sources.Contract;
using Hooks = NhiGovernance.Sources.Connectors.GitHub.Scopes.Webhooks;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>Facts that GitHub's own examples do not have.</summary>
public sealed class GitHubFactTests
{
    private static readonly OwnerPlace Owner = new(42, "octo-org", true, false);
    private static readonly RepositoryPlace Place = new(Owner, 7, "octo-org/hello", "main", "private", false);

    [Fact]
    public void OidcSubjects_WithPrefix_KeepItAsAFact()
    {
        const string Prefix = "repo:octo-org@42/hello@7";
        var subject = OidcSubjects.Map(new(true, null, true, Prefix), Place, "https://issuer.example");
        subject.Facts["subClaimPrefix"].ShouldBe(KnownValue.Of(Prefix));
        subject.Facts["immutableSubject"].ShouldBe(KnownValue.Of(true));
        subject.JoinKeys.ShouldBe([$"oidc:https://issuer.example|{Prefix}"]);

        // Older servers leave it out, and organizations have none.
        OidcSubjects.Map(new(true, null, null, null), Place, "i").Facts["subClaimPrefix"].ShouldBe(KnownValue.NotExposed);
        OrganizationOidcSubjects.Map(new(null, ["repo"], null, null), Owner, "i").Facts["subClaimPrefix"].ShouldBe(KnownValue.NotExposed);
        OrganizationOidcSubjects.Map(new(null, ["repo"], true, Prefix), Owner, "i").Facts["subClaimPrefix"].ShouldBe(KnownValue.Of(Prefix));
    }

    [Fact]
    public void Webhooks_WithoutSecret_KeepThemselvesWhenTheirSettingsWereWritten()
    {
        List<Observation> Of(string config, string written) =>
            [.. JsonSerializer.Deserialize($$"""[{"id":1,"updated_at":"{{written}}","config":{{config}}}]""", GitHubJson.Default.HookDocumentArray)!
                .SelectMany(h => Hooks.Map(h, Owner.Reference, new(null, null), null))];
        var at = KnownValue.Of(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));

        // A newer date is no line of the time-line, as long as nothing else is new.
        var without = Of("""{"url":"https://x.example"}""", "2026-05-01T00:00:00Z").ShouldHaveSingleItem().ShouldBeOfType<IdentityObservation>();
        without.Facts["writtenAt"].ShouldBe(at with { IsTally = true });
        var unknown = Of("""{"url":"https://x.example"}""", "").OfType<IdentityObservation>().Single();
        unknown.Facts["writtenAt"].ShouldBe(KnownValue.NotExposed);

        var secured = Of("""{"url":"https://x.example","secret":"********"}""", "2026-05-01T00:00:00Z");
        secured.OfType<IdentityObservation>().Single().Facts.ContainsKey("writtenAt").ShouldBeFalse();
        secured.OfType<CredentialObservation>().Single().Facts["writtenAt"].ShouldBe(at);
    }
}
