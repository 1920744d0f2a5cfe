using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.JSInterop;
using NhiGovernance.Sources.Connectors.Inventories;

namespace NhiGovernance.Web.Sources;

public sealed partial class DocumentsPanel
{
    private const int Shown = 200;
    private const int MostFiles = 50;

    private readonly List<string> _faults = [];
    private InventoryDocuments? _all;
    private string? _uploading;
    private long _done;
    private long _total;
    private int _turn;

    [Inject] private GetInventoryDocuments Get { get; set; } = default!;

    [Inject] private StoreInventoryDocument Store { get; set; } = default!;

    [Inject] private InventoryFileOptions Limits { get; set; } = default!;

    [Parameter, EditorRequired] public Guid Source { get; set; }

    /// <summary>False for a source that reads a path: then only refusals and examples are shown.</summary>
    [Parameter] public bool Uploads { get; set; }

    [Parameter] public bool May { get; set; }

    protected override Task OnInitializedAsync() => ReloadAsync();

    /// <summary>How much was refused in truth, and how much of it is shown.</summary>
    private static string Counted(InventoryDocuments all) =>
        all.RefusedCount > all.Refused.Count ? $"The first {SourceWords.Count(all.Refused.Count)} of {SourceWords.Count(all.RefusedCount)} refusals are shown."
        : all.RefusedCount == 1 ? "1 refusal."
        : $"{SourceWords.Count(all.RefusedCount)} refusals.";

    private Task ReloadAsync() => LoadAsync(token => Get.RunAsync(new GetInventoryDocumentsRequest(Source, Shown), token), all => _all = all);

    private async Task UploadAsync(InputFileChangeEventArgs chosen)
    {
        _faults.Clear();
        if (chosen.FileCount > MostFiles)
        {
            _faults.Add($"Choose at most {MostFiles} files at a time.");
            return;
        }

        var kept = new List<string>();
        try
        {
            foreach (var file in chosen.GetMultipleFiles(MostFiles))
            {
                if (await KeepAsync(file) is { } fault)
                {
                    _faults.Add($"{file.Name}: {fault}");
                }
                else
                {
                    kept.Add(file.Name);
                }
            }
        }
        finally
        {
            _uploading = null;
            _turn++; // A new field: the same file may be chosen again.
        }

        if (kept.Count > 0)
        {
            Page.Toast(kept.Count == 1 ? $"{kept[0]} is kept, a run reads it" : $"{kept.Count} documents are kept, a run reads them");
        }

        await ReloadAsync();
    }

    /// <summary>Null when it was kept; otherwise why not.</summary>
    private async Task<string?> KeepAsync(IBrowserFile file)
    {
        if (file.Size > Limits.MaxBytes)
        {
            return $"it is larger than {SourceWords.Bytes(Limits.MaxBytes)}, the setting Sources:FileMaxMegabytes.";
        }

        (_uploading, _done, _total) = (file.Name, 0, Math.Max(1, file.Size));
        StateHasChanged();
        try
        {
            await using var content = new CountedStream(file.OpenReadStream(Limits.MaxBytes, Life), done =>
            {
                _done = done;
                Redraw();
            });
            var stored = await Store.RunAsync(new StoreInventoryDocumentRequest(Source, file.Name, content), Life);
            return stored.Error?.Message;
        }
        catch (Exception error) when (error is IOException or JSException)
        {
            return "the browser stopped sending it. Nothing of it was kept.";
        }
    }
}
