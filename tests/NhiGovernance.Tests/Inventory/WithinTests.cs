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
