using System.Security.Cryptography;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using NhiGovernance.Web.Shell.Parts;

namespace NhiGovernance.Web.Shell.Frame;

/// <summary>Keeps a page's bug in the page: the frame goes on, the person gets a reference, the log the same one.</summary>
public sealed partial class PageBoundary : ErrorBoundaryBase, IDisposable
{
    private string? _reference;
    private bool _left;

    [Inject] private ILogger<PageBoundary> Log { get; set; } = default!;

    public void Dispose() => _left = true;

    protected override Task OnErrorAsync(Exception exception)
    {
        // The window was closed while the page loaded: its services went with it, and nobody is there to read.
        if (_left && exception is (ObjectDisposedException or OperationCanceledException))
        {
            return Task.CompletedTask;
        }

        _reference = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
        LogFailed(Log, _reference, exception);
        return Task.CompletedTask;
    }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        if (CurrentException is null)
        {
            builder.AddContent(0, ChildContent);
            return;
        }

        builder.OpenComponent<ErrorView>(1);
        builder.AddComponentParameter(2, nameof(ErrorView.Title), "This page met a fault of ours");
        builder.AddComponentParameter(3, nameof(ErrorView.Message), "Nothing that was saved is lost. The rest of the product works. Retry, or quote the reference.");
        builder.AddComponentParameter(4, nameof(ErrorView.Reference), _reference);
        builder.AddComponentParameter(5, nameof(ErrorView.OnRetry), EventCallback.Factory.Create(this, Recover));
        builder.CloseComponent();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A page failed, reference {Reference}")]
    private static partial void LogFailed(ILogger logger, string reference, Exception exception);
}
