using Deque.AxeCore.Commons;
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
    public async Task<string[]> AxeAsync(IReadOnlyList<string>? rules = null)
    {
        // Once for each document. The package's own RunAxe sends and reads the script twice for each question, and opens another page
        // to gather what frames say: without frames, which we have none of, that took more time than the rules.
        if (!await Page.EvaluateAsync<bool>("'axe' in window"))
        {
            await Page.EvaluateAsync(Script);
        }

        return await Page.EvaluateAsync<string[]>(Ask, rules);
    }

    private const string Ask = """
        async rules => {
          if (window.frames.length > 0) throw new Error('A frame, which this does not look into.');
          const found = await axe.run(document, { resultTypes: ['violations'], ...(rules ? { runOnly: { type: 'rule', values: rules } } : {}) });
          if (found.passes.length === 0) throw new Error('axe found nothing to look at.');
          return found.violations.flatMap(v => v.nodes.map(n => `${location.pathname}: ${v.id}, ${v.help}: ${n.html.slice(0, 200)}`));
        }
        """;

    private static readonly string Script = new BundledAxeScriptProvider().GetScript();

    /// <summary>
    /// Waits until an element has the focus of its page, and says what has it when that does not come. Playwright's own question also
    /// asks whether the window is in front, which among other windows of one browser it sometimes is not.
    /// </summary>
    public static async Task FocusedAsync(ILocator wanted)
    {
        for (var look = 0; look < 16; look++)
        {
            // Found anew each time: the server may have drawn it again meanwhile.
            var element = await wanted.ElementHandleAsync();
            try
            {
                await wanted.Page.WaitForFunctionAsync("e => e === document.activeElement", element, new() { Timeout = 500, PollingInterval = 50 });
                return;
            }
            catch (TimeoutException)
            {
            }
        }

        var has = await wanted.Page.EvaluateAsync<string>("document.activeElement?.outerHTML.slice(0, 200) ?? 'nothing'");
        throw new InvalidOperationException($"{wanted} has not the focus, but {has}");
    }

    /// <summary>How far the page itself scrolls sideways, in pixels.</summary>
    public Task<int> SidewaysAsync() =>
        Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
}
