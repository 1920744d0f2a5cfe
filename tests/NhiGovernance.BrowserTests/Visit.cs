using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace NhiGovernance.BrowserTests;

/// <summary>One browser context with one page, and what it complained about.</summary>
public sealed class Visit : IAsyncDisposable
{
    private readonly List<string> _complaints = [];

    public Visit(IPage page)
    {
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Text.Contains("Content Security Policy", StringComparison.Ordinal)
                || (message.Type == "error" && !message.Text.Contains("WebSocket", StringComparison.Ordinal)))
            {
                _complaints.Add($"{message.Text} ({new Uri(page.Url).AbsolutePath})");
            }
        };
        page.PageError += (_, error) => _complaints.Add($"{error} ({page.Url})");
    }

    public IPage Page { get; }

    /// <summary>Violations of the content security policy and errors of scripts; empty is what a test expects.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();

    /// <summary>Goes to a page of ours and waits until its circuit is up and its first load is shown.</summary>
    public async Task GoAsync(string path)
    {
        await Page.GotoAsync(path);
        await ReadyAsync();
    }

    public async Task ReadyAsync()
    {
        await Page.Locator("html[data-ready]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await Page.Locator("main h1").First.WaitForAsync();
        await Page.Locator("main .skeleton").First.WaitForAsync(new() { State = WaitForSelectorState.Detached });
    }

    /// <summary>From the one-time link to the signed-in overview.</summary>
    public async Task MakeAccountAsync(string path, string name, string email)
    {
        await Page.GotoAsync(path);
        await Page.Locator("input[name=name]").FillAsync(name);
        await Page.Locator("input[name=email]").FillAsync(email);
        await Page.Locator("input[name=password]").FillAsync(Product.Password);
        await Page.Locator("button[type=submit]").ClickAsync();
        await ReadyAsync();
    }

    /// <summary>The rules whose answer a theme can change: the page's structure and words stay the same.</summary>
    public static IReadOnlyList<string> ColourRules { get; } = ["color-contrast", "link-in-text-block"];

    /// <summary>Every violation that axe finds, as lines.</summary>
    /// <param name="rules">Null: every rule, none off.</param>
    public async Task<IReadOnlyList<string>> AxeAsync(IReadOnlyList<string>? rules = null)
    {
        // Every rule runs; only what each found right is not told element by element, which takes longer than the rules.
        var options = new AxeRunOptions { ResultTypes = [ResultType.Violations] };
        if (rules is not null)
        {
            options.RunOnly = new RunOnlyOptions { Type = "rule", Values = [.. rules] };
        }

        var result = await Page.RunAxe(options);
        return
        [
            .. from violation in result.Violations
               from node in violation.Nodes
               select $"{new Uri(Page.Url).AbsolutePath}: {violation.Id}, {violation.Help}: {node.Html[..Math.Min(node.Html.Length, 200)]}",
        ];
    }

    /// <summary>How far the page itself scrolls sideways, in pixels.</summary>
    public Task<int> SidewaysAsync() =>
        Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
}
