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

    /// <summary>Every violation that axe finds by any of its rules, as lines.</summary>
    public Task<string[]> AxeAsync() => AskAsync("null");

    /// <summary>
    /// Every violation of the rules whose answer a theme can change; structure and words are the same in both. Of texts that are alike in
    /// all that these rules ask for (colours of their own and of all that lies behind, size, weight, underline) three are looked at:
    /// what lies over what is a question of the whole look, which a theme does not change.
    /// </summary>
    public Task<string[]> AxeColoursAsync() => AskAsync(Texts);

    private async Task<string[]> AskAsync(string texts)
    {
        // Once for each document. The package's own RunAxe sends and reads the script twice for each question, and opens another page
        // to gather what frames say: without frames, which we have none of, that took more time than the rules.
        if (!await Page.EvaluateAsync<bool>("'axe' in window"))
        {
            await Page.EvaluateAsync(Script);
        }

        return await Page.EvaluateAsync<string[]>(Ask.Replace("TEXTS", texts, StringComparison.Ordinal));
    }

    private const string Ask = """
        async () => {
          if (window.frames.length > 0) throw new Error('A frame, which this does not look into.');
          const texts = TEXTS;
          // What lies behind a modal dialog is inert, and what lies around an open menu is not changed by it: both are looked at where they are the page.
          const modal = [...document.querySelectorAll(':modal, :popover-open')].at(-1);
          const found = await axe.run(texts ? { include: texts } : modal ?? document,
            { resultTypes: ['violations'], ...(texts ? { runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } } : {}) });
          if (found.passes.length + found.violations.length === 0) throw new Error('axe found nothing to look at.');
          return found.violations.flatMap(v => v.nodes.map(n => `${location.pathname}: ${v.id}, ${v.help}: ${n.html.slice(0, 200)}`));
        }
        """;

    private const string Texts = """
        (() => {
          const behind = new Map();
          const look = e => {
            if (!e) { return ''; }
            if (!behind.has(e)) {
              const s = getComputedStyle(e);
              const opaque = /^rgb\(/.test(s.backgroundColor) && s.backgroundImage === 'none';
              behind.set(e, [s.backgroundColor, s.backgroundImage, s.opacity, s.filter, s.mixBlendMode, opaque && s.opacity === '1' ? '' : look(e.parentElement)].join());
            }
            return behind.get(e);
          };
          const words = e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) || e.matches('input, select, textarea');
          // As above: an open dialog or menu is looked at alone.
          const top = [...document.querySelectorAll(':modal, :popover-open')].at(-1) ?? document.body;
          const alike = new Map();
          for (const e of top.querySelectorAll('*')) {
            if (!words(e) || !e.checkVisibility({ opacityProperty: true, visibilityProperty: true })) { continue; }
            const s = getComputedStyle(e), around = getComputedStyle(e.parentElement);
            const key = [s.color, s.fontSize, s.fontWeight, s.textShadow, s.textDecoration, look(e),
              ...(e.closest('a') ? ['link', around.color, around.textDecoration, around.display] : []), e.matches(':disabled, [aria-disabled=true]')].join('|');
            alike.set(key, [...(alike.get(key) ?? []), e]);
          }
          // Three of each, because something that floats may cover one of them.
          return [...alike.values()].flatMap(a => a.length < 4 ? a : [a[0], a[a.length >> 1], a.at(-1)]);
        })()
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

    /// <summary>
    /// Two keys that are one command ("g", then "i"). The product takes them for one within a second and a half; pressed again where
    /// this machine took longer than that between them.
    /// </summary>
    public async Task PressBothAsync(string first, string second)
    {
        TimeSpan took;
        do
        {
            var started = TimeProvider.System.GetTimestamp();
            await Page.Keyboard.PressAsync(first);
            await Page.Keyboard.PressAsync(second);
            took = TimeProvider.System.GetElapsedTime(started);
        }
        while (took > TimeSpan.FromSeconds(1));
    }

    /// <summary>How far the page itself scrolls sideways, in pixels.</summary>
    public Task<int> SidewaysAsync() =>
        Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
}
