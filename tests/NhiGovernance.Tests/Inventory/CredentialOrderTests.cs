using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Inventory;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Inventory;

/// <summary>The list of credentials and its export, in every order.</summary>
public sealed class CredentialOrderTests(TestDatabase database) : ThirtyIdentities(database)
{
    [Theory]
    [InlineData("expires")]
    [InlineData("-expires")]
    [InlineData("lastUsed")]
    [InlineData("-lastUsed")]
    [InlineData("keyChanged")]
    [InlineData("-keyChanged")]
    public async Task List_InAnyOrder_PagesThroughAllWithWhatHasNoValueLast(string text)
    {
        Engine.Actor.Be(Role.Auditor);
        await using var db = await Database.Contexts.CreateDbContextAsync(Token);
        var now = Engine.Clock.GetUtcNow();
        var ids = await db.Set<Credential>().OrderBy(c => c.Id).Select(c => c.Id).ToListAsync(Token);
        foreach (var (id, n) in ids.Select((id, n) => (id, n)))
        {
            // Some share an instant, so that ids decide; a third has none.
            DateTimeOffset? at = n % 3 == 0 ? null : now.AddDays(-(n / 4));
            await db.Set<Credential>().Where(c => c.Id == id).ExecuteUpdateAsync(
                s => s.SetProperty(c => c.ExpiresAt, at).SetProperty(c => c.LastUsedAt, at).SetProperty(c => c.MaterialChangedAt, at), Token);
        }

        var sort = CredentialSort.Parse(text);
        var found = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = (await Engine.Get<ListCredentials>().RunAsync(new ListCredentialsRequest(CredentialFilter.All, sort, cursor, Limit: 7), Token)).Value;
            found.AddRange(page.Items.Select(r => r.Id));
            cursor = page.Next;
        }
        while (cursor is not null);

        var rows = ids.Select((id, n) => (Id: id, Day: n % 3 == 0 ? (int?)null : -(n / 4))).ToList();
        var dated = rows.Where(r => r.Day is not null).OrderBy(r => r.Day).ThenBy(r => r.Id.ToString(), StringComparer.Ordinal).Select(r => r.Id);
        found.ShouldBe([.. sort.Descending ? dated.Reverse() : dated, .. rows.Where(r => r.Day is null).Select(r => r.Id)]);
        var exported = await (await Engine.Get<ExportCredentials>().RunAsync(new ExportCredentialsRequest(CredentialFilter.All, sort), Token)).Value.ToListAsync(Token);
        exported.Select(r => r.Id).ShouldBe(found);
        sort.ToString().ShouldBe(text);
    }
}
