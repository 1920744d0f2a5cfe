using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Inventory;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Inventory.Lists;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Inventory;

/// <summary>The list of credentials: its filters and its CSV.</summary>
public sealed class CredentialListTests(TestDatabase database) : ThirtyIdentities(database)
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
    [InlineData("provider=github", 30)]
    [InlineData("provider=!github", 0)]
    public async Task List_WithAFilter_ListsAndCountsItsRows(string query, int expected)
    {
        Engine.Actor.Be(Role.Auditor);
        var filter = CredentialFilter.Parse(null, QueryText.Read(query)).Value;

        var page = (await Engine.Get<ListCredentials>().RunAsync(new ListCredentialsRequest(filter, Limit: 200), Token)).Value;

        page.Items.Count.ShouldBe(expected);
        page.Count.Value.ShouldBe(expected);
    }

    [Fact]
    public void Parse_SeveralFaults_NamesThemAll() =>
        CredentialFilter.Parse(null, QueryText.Read("kind=Nope&used=soon&source=1")).Error.ShouldBeOfType<Error.Invalid>()
            .Faults.Select(f => f.Field).ShouldBe(["kind", "used", "source"], ignoreOrder: true);

    [Fact]
    public async Task Csv_OfAllAndOfChosenColumns_HoldsThemAndNoValue()
    {
        Engine.Actor.Be(Role.Auditor);
        var row = (await Engine.Get<ListCredentials>().RunAsync(new ListCredentialsRequest(new CredentialFilter { Text = "cred-07" }, Limit: 1), Token)).Value.Items[0];
        (string Head, string Line) Write(IReadOnlySet<string>? columns)
        {
            using var text = new StringWriter();
            CredentialCsv.WriteHead(text, columns);
            CredentialCsv.Write(text, row, columns);
            var lines = text.ToString().Split("\r\n");
            return (lines[0], lines[1]);
        }

        Write(new HashSet<string> { "expires" }).Head.ShouldBe("id,name,kind,identity_id,identity,expires");
        var (head, line) = Write(null);
        head.ShouldBe("id,name,kind,identity_id,identity,state,disabled,expires,last_used,key_changed,created,key_ids,first_seen,last_seen,missing_since");
        line.ShouldStartWith($"{row.Id},{row.Name},SshKey,{row.IdentityId},alpha 07,Present,false,");
        line.ShouldContain(",SHA256:7,");
        line.ShouldContain(",not since 20", customMessage: "its key is as it was first seen");
    }
}
