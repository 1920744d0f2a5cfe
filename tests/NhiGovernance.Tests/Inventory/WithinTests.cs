using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Inventory;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Inventory.Lists;
using NhiGovernance.Inventory.Resources;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Inventory;

/// <summary>Numbers and lists within a team, a product or an environment.</summary>
public sealed class WithinTests(TestDatabase database) : ThirtyIdentities(database)
{
    [Theory]
    [InlineData("", 30)]
    [InlineData("team=payments", 10)]
    [InlineData("team=none", 10)]
    [InlineData("team=!payments", 20)]
    [InlineData("product=bank", 10)]
    [InlineData("product=!bank&team=platform", 10)]
    [InlineData("environment=none", 30)]
    [InlineData("environment=nowhere", 0)]
    public async Task Summary_WithinAFilter_CountsWhatEachFigureLists(string query, int expected)
    {
        Engine.Actor.Be(Role.Auditor);

        var summary = (await Engine.Get<InventorySummary>().RunAsync(new InventorySummaryRequest(IdentityFilter.Parse(query).Value), Token)).Value;

        summary.Total.Count.Value.ShouldBe(expected);
        Figure[] figures = [summary.Total, .. summary.Kinds, .. summary.States, summary.AltersRelease, summary.Privileged, summary.Expired, summary.ExpiringIn30Days, summary.NotUsedIn90Days, summary.FirstSeenIn7Days];
        foreach (var figure in figures)
        {
            var listed = (await Engine.Get<ListIdentities>().RunAsync(new ListIdentitiesRequest(figure.Filter), Token)).Value;
            listed.Count.Value.ShouldBe(figure.Count.Value, $"{figure.Key}: {figure.Filter.ToQueryString()}");
        }

        summary.Coverage.ShouldAllBe(c => c.Of == expected);
    }

    [Theory]
    [InlineData("", 30)]
    [InlineData("team=payments", 10)]
    [InlineData("team=!none", 20)]
    [InlineData("product=bank", 10)]
    [InlineData("environment=nowhere", 0)]
    [InlineData("state=Missing", 0)]
    [InlineData("state=!Missing", 30)]
    [InlineData("used=unknown", 30)]
    [InlineData("used=never", 0)]
    [InlineData("expires=never&kind=SshKey&q=cred", 30)]
    [InlineData("kind=!SshKey", 0)]
    public async Task Credentials_WithAFilter_ListsAndCountsItsRows(string query, int expected)
    {
        Engine.Actor.Be(Role.Auditor);
        var request = CredentialQuery.Parse(null, QueryText.Read(query), null, 200).Value;

        var page = (await Engine.Get<ListCredentials>().RunAsync(request, Token)).Value;

        page.Items.Count.ShouldBe(expected);
        page.Count.Value.ShouldBe(expected);
    }

    [Fact]
    public void CredentialQuery_SeveralFaults_NamesThemAll() =>
        CredentialQuery.Parse(null, QueryText.Read("kind=Nope&used=soon&source=1"), null, null).Error.ShouldBeOfType<Error.Invalid>()
            .Faults.Select(f => f.Field).ShouldBe(["kind", "used", "source"], ignoreOrder: true);

    [Fact]
    public async Task Csv_OfChosenColumns_HoldsJustThem()
    {
        Engine.Actor.Be(Role.Auditor);
        var row = (await Engine.Get<ListIdentities>().RunAsync(new ListIdentitiesRequest(new IdentityFilter { Teams = Choice.Of("payments") }, Limit: 1), Token)).Value.Items[0];
        using var text = new StringWriter();
        HashSet<string> columns = ["owner", "product", "service", "environment"];

        IdentityCsv.WriteHead(text, columns);
        IdentityCsv.Write(text, row, columns);

        var lines = text.ToString().Split("\r\n");
        lines[0].ShouldBe("id,name,place,service,product,environments,team");
        lines[1].ShouldEndWith(",acme/ledger,ledger,bank,,payments");
    }

    /// <summary>As the filter, the pages and the API call it.</summary>
    [Fact]
    public void Csv_OfEveryColumn_CallsTheStateSo()
    {
        using var identities = new StringWriter();
        using var resources = new StringWriter();
        IdentityCsv.WriteHead(identities);
        ResourceCsv.WriteHead(resources);

        identities.ToString().Trim().Split(',').ShouldContain("state");
        resources.ToString().Trim().Split(',').ShouldContain("state");
    }
}
