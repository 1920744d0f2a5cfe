using NhiGovernance.Common.UseCases;
using NhiGovernance.Inventory;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Inventory;

/// <summary>What is done with many rows at once: given to a team, streamed out.</summary>
public sealed class BulkTests(TestDatabase database) : ThirtyIdentities(database)
{
    [Fact]
    public async Task AssignTeam_ByFilter_ChangesShowsAndUndoes()
    {
        Engine.Actor.Be(Role.Engineer);
        var selection = new IdentitySelection(null, IdentityFilter.Parse("team=none&kind=Runner").Value);
        var ids = (await RowsAsync(selection.Filter!)).ConvertAll(r => r.Id);
        (await Engine.Get<PreviewAssignTeam>().RunAsync(new PreviewAssignTeamRequest(selection, Platform), Token)).Value
            .ShouldBe(new PreviewAssignTeamResult(ids.Count, ids.Count, 0));

        var done = (await Engine.Get<AssignTeam>().RunAsync(new AssignTeamRequest(selection, Platform), Token)).Value;
        (done.Selected, done.Changed).ShouldBe((ids.Count, ids.Count));
        var before = done.Before!.ShouldHaveSingleItem();
        before.TeamId.ShouldBeNull();
        before.Ids.ShouldBe(ids, ignoreOrder: true);

        (await RowsAsync(selection.Filter!)).ShouldBeEmpty();
        var timeline = (await Engine.Get<IdentityTimeline>().RunAsync(new IdentityTimelineRequest(ids[0]), Token)).Value;
        timeline.Items[0].Kind.ShouldBe(TimelineKind.TeamAssigned);
        timeline.Items[0].After!.Text.ShouldBe("A platform");

        (await Engine.Get<AssignTeam>().RunAsync(new AssignTeamRequest(new(before.Ids, null), before.TeamId), Token)).Value.Changed.ShouldBe(ids.Count);
        (await RowsAsync(selection.Filter!)).Select(r => r.Id).ShouldBe(ids, ignoreOrder: true);
    }

    [Fact]
    public async Task Export_OfAFilter_StreamsTheListsRows()
    {
        Engine.Actor.BeToken("identities:read");

        var rows = await RowsAsync(IdentityFilter.Parse("kind=Runner").Value);

        rows.Count.ShouldBe(10);
        rows.Select(r => r.Name.ToLowerInvariant()).ShouldBeInOrder();
    }
}
