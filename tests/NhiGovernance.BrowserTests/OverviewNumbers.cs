using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using NhiGovernance.Access;
using NhiGovernance.Catalogue.People;
using NhiGovernance.Catalogue.Teams;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.BrowserTests;

/// <summary>Every number of the overview that leads somewhere leads to as many rows; for who sees all, and for the members of one team.</summary>
[Collection(nameof(Furnished))]
public sealed class OverviewNumbers(FurnishedProduct house)
{
    private const string Numbers = """
        () => [...document.querySelectorAll('main a[href^="/identities"]')].map(a => {
          const figure = a.querySelector('.fig') ? a.querySelector('.fig').firstChild.textContent
            : a.closest('.trio li') ? a.closest('li').querySelector('b.n').textContent
            : a.closest('.hb') ? a.nextElementSibling.nextElementSibling.textContent
            : /^[0-9,+]+$/.test(a.textContent.trim()) ? a.textContent : null;
          return figure === null ? null : `${a.getAttribute('href')} ${figure.trim()}`;
        }).filter(n => n)
        """;

    [Fact]
    public async Task Figures_OfTheAdmin_LeadToAsManyRows()
    {
        await using var visit = await house.Product.VisitAsync();
        (await FollowAsync(visit)).ShouldBeGreaterThan(20);
    }

    [Fact]
    public async Task Figures_OfATeamsMember_AreTheirOwnAndLeadToAsManyRows()
    {
        await using var visit = await MemberAsync();
        (await FollowAsync(visit)).ShouldBeGreaterThan(15);
        await visit.GoAsync("/identities");
        var mine = await CountAsync(visit.Page);
        await using var admin = await house.Product.VisitAsync();
        await admin.GoAsync("/identities?team=ledger");
        mine.ShouldBe(await CountAsync(admin.Page));
        await visit.GoAsync("/");
        (await visit.Page.Locator(".lede .cov").InnerTextAsync()).ShouldContain("of the lists of these places were read to the end");
    }

    private static async Task<int> FollowAsync(Visit visit)
    {
        await visit.GoAsync("/");
        await visit.Page.Locator(".tiles").WaitForAsync();
        var numbers = await visit.Page.EvaluateAsync<string[]>(Numbers);
        var wrong = new List<string>();
        foreach (var number in numbers.Distinct())
        {
            var (href, figure) = (number.Split(' ')[0], number.Split(' ')[1]);
            await visit.GoAsync(href);
            if (await CountAsync(visit.Page) is var rows && rows != figure)
            {
                wrong.Add($"{href}: the overview says {figure}, the list {rows}");
            }
        }

        wrong.ShouldBeEmpty();
        return numbers.Length;
    }

    private static async Task<string> CountAsync(IPage page)
    {
        await page.Locator(".listhead b").First.WaitForAsync();
        return (await page.Locator(".listhead b").First.InnerTextAsync()).Trim();
    }

    /// <summary>Signs a member of the team Ledger in, who has the role Owner alone.</summary>
    private async Task<Visit> MemberAsync()
    {
        var company = house.Company;
        var people = await company.AskAsync(s => s.GetRequiredService<ListPeople>().RunAsync(new ListPeopleRequest("Mei")));
        await company.AskAsync(s => s.GetRequiredService<SetTeamMembers>().RunAsync(new SetTeamMembersRequest("ledger", [people.Items[0].Id], null)));
        var link = await company.AskAsync(s => s.GetRequiredService<InviteAccount>().RunAsync(
            new InviteAccountRequest(people.Items[0].Email!, people.Items[0].Name, Role.Owner)));
        var visit = await house.Product.VisitAsync(signedIn: false);
        await visit.Page.GotoAsync(link.Path);
        await visit.Page.Locator("input[name=password]").FillAsync(Product.Password);
        await visit.Page.Locator("button[type=submit]").ClickAsync();
        await visit.ReadyAsync();
        return visit;
    }
}
