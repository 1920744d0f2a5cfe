using System.Text.Json;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Runs;

namespace NhiGovernance.Tests.Sources.Runs;

/// <summary>Whatever a connector lists: nothing that looks like a secret goes on from there, in no text of no kind of observation.</summary>
public sealed class KeptTextsTests
{
    private const string Token = "glpat-abcdefghij0123456789";
    private const string Own = "the-sources-own-credential";

    private static readonly Scope Scope = new("keys", "acme");
    private static readonly PlaceReference Place = new("repository", $"acme/{Token}");
    private static readonly Dictionary<string, KnownValue> Facts = new()
    {
        ["note"] = KnownValue.Of($"use {Token}"), ["own"] = KnownValue.Of(Own), ["kept"] = KnownValue.Of("plain"),
        ["list"] = KnownValue.Of(JsonSerializer.Serialize(new[] { new { name = "a", text = $"x {Token} \"quoted\" rest" }, new { name = "b", text = "plain" } })),
    };

    public static TheoryData<Type> Kinds => [.. typeof(Observation).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Observation)))];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Of_EachKindOfObservation_KeepsNoSecretInAnyText(Type kind)
    {
        Observation seen = kind.Name switch
        {
            nameof(IdentityObservation) => new IdentityObservation(Token, IdentityKind.DeployKey, Token, Place)
            {
                Url = $"https://x.example/{Token}", JoinKeys = [Token], Grants = [new GrantObservation(Token, Own, true)], Facts = Facts, CreatedAt = KnownValue.Of(Token),
            },
            nameof(CredentialObservation) => new CredentialObservation(Token, Own, CredentialKind.SshKey, Token) { KeyIds = [Token, "a"], Facts = Facts, ExpiresAt = KnownValue.Of(Own) },
            nameof(ResourceObservation) => new ResourceObservation(Token, ResourceKind.Repository, Own, Place) { Url = $"https://x.example/{Own}", Facts = Facts },
            nameof(PersonObservation) => new PersonObservation(Own, Token) { DisplayName = KnownValue.Of(Token), Email = KnownValue.Of(Own), Facts = Facts },
            _ => throw new InvalidOperationException($"Make a {kind.Name} with a secret in each of its texts here."),
        };
        var clean = Kept(seen);
        var all = JsonSerializer.Serialize<object>(clean);
        all.ShouldNotContain(Token);
        all.ShouldNotContain(Own);
        all.ShouldContain("plain");
        Kept(seen).NaturalKey.ShouldBe(clean.NaturalKey, "the same key from run to run");
        clean.NaturalKey.ShouldContain('~');
    }

    [Fact]
    public void Of_TwoKeysThatLookLikeSecrets_StaysTwo() =>
        Kept(new PersonObservation(Token, "a")).NaturalKey.ShouldNotBe(Kept(new PersonObservation(Token + "x", "a")).NaturalKey);

    [Fact]
    public void Of_AFactThatIsAList_LeavesTheRestOfIt()
    {
        var list = ((ResourceObservation)Kept(new ResourceObservation("k", ResourceKind.Repository, "n", new("repository", "acme/x")) { Facts = Facts })).Facts["list"];
        using var json = JsonDocument.Parse(list.Text!);
        json.RootElement.EnumerateArray().Select(e => e.GetProperty("name").GetString()).ShouldBe(["a", "b"]);
        json.RootElement[0].GetProperty("text").GetString().ShouldBe("x (looked like a secret; not kept)");
    }

    [Fact]
    public void Of_NothingThatLooksLikeASecret_IsTheSamePage()
    {
        var page = new ScopePage(Scope, [new PersonObservation("k", "jane") { Email = KnownValue.Of("jane@acme.example") }]);
        new KeptTexts(t => t).Of(page).ShouldBeSameAs(page);
    }

    private static Observation Kept(Observation seen) =>
        new KeptTexts(t => t.Contains(Own, StringComparison.Ordinal) ? t.Replace(Own, "[removed]", StringComparison.Ordinal) : t).Of(new ScopePage(Scope, [seen])).Observations[0];
}
