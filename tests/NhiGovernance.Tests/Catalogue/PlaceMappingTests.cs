using FsCheck.Fluent;
using NhiGovernance.Catalogue.Mapping;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Catalogue;

public sealed class PlaceMappingTests
{
    private static readonly Guid Production = Guid.Parse("00000000-0000-7000-8000-0000000000e1");
    private static readonly Guid Staging = Guid.Parse("00000000-0000-7000-8000-0000000000e2");

    [Fact]
    public void ServiceOf_SeveralMatch_FirstInKeyOrderWins()
    {
        var mapping = new PlaceMapping(
            [(Service("payments"), new RuleInput("repository", "acme/pay-api")), (Service("ledger"), new RuleInput("repository", "acme/*"))], []);

        mapping.ServiceOf("repository", "acme/pay-api")!.Key.ShouldBe("ledger");
        mapping.ServiceOf("image", "acme/pay-api").ShouldBeNull();
    }

    [Fact]
    public void EnvironmentsOf_SeveralMatch_PlaceIsInAll()
    {
        var mapping = new PlaceMapping(
            [], [(Production, new RuleInput("namespace", "prod-*/**")), (Staging, new RuleInput("namespace", "prod-eu/ledger"))]);

        mapping.EnvironmentsOf("namespace", "PROD-eu/ledger").ShouldBe([Production, Staging], ignoreOrder: true);
        mapping.EnvironmentsOf("namespace", "dev/ledger").ShouldBeEmpty();
    }

    [Fact]
    public void ServiceOf_AnyRules_AgreesWithTryingEachRuleInOrder()
    {
        var segment = Gen.Elements("a", "b", "*", "?", "**", "A");
        var rule = Gen.Zip(Gen.Elements("k", "l", "m", "n"), segment.NonEmptyListOf().Select(s => string.Join('/', s)));
        var rules = rule.ListOf();
        var path = Gen.Elements("a", "b", "B").NonEmptyListOf().Select(s => string.Join('/', s));
        Prop.ForAll(Gen.Zip(rules, path).ToArbitrary(), drawn =>
        {
            var (all, at) = drawn;
            var mapping = new PlaceMapping(all.Select(r => (Service(r.Item1), new RuleInput("repository", r.Item2))), []);
            var expected = all.Where(r => new PathGlob(r.Item2).Matches(at)).Select(r => r.Item1).Order(StringComparer.Ordinal).FirstOrDefault();
            return mapping.ServiceOf("repository", at)?.Key == expected;
        }).CheckCases(1_000);
    }

    private static MappedService Service(string key) => new(Guid.CreateVersion7(), key, key, null);
}
