using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NhiGovernance.Tests.Fakes;
using NhiGovernance.Web.Shell;
using NhiGovernance.Web.Shell.Frame;

namespace NhiGovernance.Tests.Shell;

/// <summary>A page that throws: its own place says so, its neighbours stand, nobody reads the fault's own words.</summary>
public sealed class PageBoundaryTests : BunitContext
{
    private const string Words = "Host=db;Password=sesame-open-1234";
    private readonly RecordingLog _log = new();

    public PageBoundaryTests()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddSingleton(TimeProvider.System);
        Services.AddScoped<ViewerTime>();
        Services.AddScoped<ShellState>();
        Services.AddScoped<Page>();
        Services.AddSingleton<ILoggerFactory>(_ => LoggerFactory.Create(b => b.AddProvider(_log)));
    }

    [Theory]
    [InlineData(Fails.AtOnce)]
    [InlineData(Fails.OnAClick)]
    [InlineData(Fails.WhileItLoads)]
    public async Task Child_ThatThrows_IsReplacedByAReferenceAndTheOthersStand(Fails when)
    {
        Fragile.Whole = false;
        var drawn = Render(builder =>
        {
            Bounded(builder, 0, inner => Child<Fragile>(inner, when));
            Bounded(builder, 10, inner => Child<Sturdy>(inner, null));
        });
        if (when == Fails.OnAClick)
        {
            await drawn.Find("#break").ClickAsync(new());
        }

        var reference = (await drawn.WaitForElementAsync(".error .mono")).TextContent;
        reference.ShouldMatch("^[0-9a-f]{8}$");
        drawn.Find("#sturdy").TextContent.ShouldBe("I stand");
        drawn.FindAll("#fragile").ShouldBeEmpty();
        drawn.Markup.ShouldNotContain("sesame");
        drawn.Markup.ShouldNotContain(nameof(InvalidOperationException));
        drawn.Markup.ShouldNotContain("   at ");
        _log.Lines.ShouldContain(l => l.Contains(reference, StringComparison.Ordinal));

        Fragile.Whole = true;
        await drawn.FindAll("button").Single(b => b.TextContent.Contains("Retry", StringComparison.Ordinal)).ClickAsync(new());
        drawn.Find("#fragile").TextContent.ShouldContain("Whole again");
        drawn.Find("#sturdy").TextContent.ShouldBe("I stand");
        drawn.Markup.ShouldNotContain(reference);
    }

    [Fact]
    public async Task Child_ThatIsLeftWhileItLoads_IsNoFault()
    {
        var load = new TaskCompletionSource();
        Patient.Load = load.Task;
        Render(builder => Bounded(builder, 0, inner => Child<Patient>(inner, null)));
        await DisposeComponentsAsync();
        load.SetException(new ObjectDisposedException("IServiceProvider"));
        await Patient.Ended.Task;
        await Renderer.Dispatcher.InvokeAsync(() => { });
        _log.Lines.ShouldBeEmpty();
    }

    private static void Bounded(RenderTreeBuilder builder, int sequence, RenderFragment child)
    {
        builder.OpenComponent<PageBoundary>(sequence);
        builder.AddComponentParameter(sequence + 1, nameof(PageBoundary.ChildContent), child);
        builder.CloseComponent();
    }

    private static void Child<T>(RenderTreeBuilder builder, Fails? when)
        where T : IComponent
    {
        builder.OpenComponent<T>(0);
        if (when is { } moment)
        {
            builder.AddComponentParameter(1, nameof(Fragile.When), moment);
        }

        builder.CloseComponent();
    }

    public enum Fails
    {
        AtOnce,
        OnAClick,
        WhileItLoads,
    }

    private sealed class Fragile : ComponentBase
    {
        public static bool Whole { get; set; }

        [Parameter] public Fails When { get; set; }

        protected override async Task OnInitializedAsync()
        {
            if (When == Fails.WhileItLoads && !Whole)
            {
                await Task.Yield();
                throw new InvalidOperationException(Words);
            }
        }

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            if (When == Fails.AtOnce && !Whole)
            {
                throw new InvalidOperationException(Words);
            }

            builder.OpenElement(0, "button");
            builder.AddAttribute(1, "id", "break");
            builder.AddAttribute(2, "onclick", EventCallback.Factory.Create(this, () => throw new InvalidOperationException(Words)));
            builder.CloseElement();
            builder.OpenElement(3, "p");
            builder.AddAttribute(4, "id", "fragile");
            builder.AddContent(5, Whole ? "Whole again" : "Not broken yet");
            builder.CloseElement();
        }
    }

    private sealed class Patient : ComponentBase
    {
        public static Task Load { get; set; } = Task.CompletedTask;

        public static TaskCompletionSource Ended { get; } = new();

        protected override async Task OnInitializedAsync()
        {
            try
            {
                await Load;
            }
            finally
            {
                Ended.TrySetResult();
            }
        }
    }

    private sealed class Sturdy : ComponentBase
    {
        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.OpenElement(0, "p");
            builder.AddAttribute(1, "id", "sturdy");
            builder.AddContent(2, "I stand");
            builder.CloseElement();
        }
    }
}
