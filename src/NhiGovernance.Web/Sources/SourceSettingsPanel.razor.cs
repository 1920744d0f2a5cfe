using Microsoft.AspNetCore.Components;
using NhiGovernance.Common;
using NhiGovernance.Inventory;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Manage;
using NhiGovernance.Web.Shell;
using NhiGovernance.Web.Shell.Parts;
using SourceDetail = NhiGovernance.Sources.Manage.SourceDetail;

namespace NhiGovernance.Web.Sources;

public sealed partial class SourceSettingsPanel
{
    private readonly FormFaults _faults = new();
    private readonly Dictionary<string, string> _secrets = new(StringComparer.Ordinal);
    private Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private ConnectorForm? _form;
    private string _name = "";
    private int _interval;
    private string? _intervalFault;
    private string? _affected;
    private SourceDetail? _shown;
    private bool _busy;
    private bool _removing;

    [Inject] private UpdateSource Update { get; set; } = default!;

    [Inject] private SetSourceSecret SetSecret { get; set; } = default!;

    [Inject] private EnableSource Enable { get; set; } = default!;

    [Inject] private DisableSource Disable { get; set; } = default!;

    [Inject] private SetInterval SetInterval { get; set; } = default!;

    [Inject] private RemoveSource Remove { get; set; } = default!;

    [Inject] private ListIdentities Identities { get; set; } = default!;

    [Inject] private Page Page { get; set; } = default!;

    [Inject] private NavigationManager Navigation { get; set; } = default!;

    [Parameter, EditorRequired] public SourceDetail Source { get; set; } = default!;

    [Parameter] public bool May { get; set; }

    [Parameter] public EventCallback OnSaved { get; set; }

    private string HookAddress => Navigation.BaseUri.TrimEnd('/') + WebhookEndpoints.PathOf(Source.Row.Id);

    protected override void OnParametersSet()
    {
        // A poll's progress draws this page again; what is being typed stays unless the source itself changed.
        if (_shown is null)
        {
            Take();
        }
    }

    private void Take()
    {
        _values = Source.Settings.ToDictionary(s => s.Key, s => s.Value, StringComparer.Ordinal);
        (_name, _interval, _shown) = (Source.Row.Name, Source.Row.IntervalMinutes, Source);
    }

    private async Task SaveAsync()
    {
        if (_busy || !May)
        {
            return;
        }

        _busy = true;
        try
        {
            // The version that was shown: what this page heard meanwhile is not what the person saw.
            var saved = await Update.RunAsync(new UpdateSourceRequest(Source.Row.Id, _shown!.Row.Version, _name, _values));
            _faults.Take(saved.Error is Error.Conflict ? await TakeInAsync(saved.Error) : saved.Error, [.. Source.Connector!.Settings.Select(f => f.Key), "name"]);
            if (saved.IsOk && await SaveSecretsAsync())
            {
                var cleared = saved.Value.ClearedSecrets.Except(_secrets.Keys).ToList();
                _form?.Forget();
                await Page.SavedAsync();
                Page.Toast(cleared.Count == 0 ? "Saved" : "Saved; the host changed, so its credentials were cleared. Enter them again.");
                await OnSaved.InvokeAsync();
                Take();
            }
        }
        finally
        {
            _busy = false;
        }
    }

    /// <summary>Somebody saved meanwhile: untouched fields take theirs, and the form says what changed.</summary>
    private async Task<Error> TakeInAsync(Error error)
    {
        var shown = _shown!;
        await OnSaved.InvokeAsync();
        if (Source.Row.Version == shown.Row.Version)
        {
            return error;
        }

        var now = Source.Settings;
        var was = shown.Settings;
        foreach (var key in now.Keys.Union(was.Keys))
        {
            _values[key] = Conflicts.Merge(_values.GetValueOrDefault(key, ""), was.GetValueOrDefault(key, ""), now.GetValueOrDefault(key, ""));
        }

        (_name, _shown) = (Conflicts.Merge(_name, shown.Row.Name, Source.Row.Name), Source);
        return Conflicts.Of([("name", shown.Row.Name, Source.Row.Name), .. Source.Connector!.Settings.Where(f => f.Kind != SettingKind.Secret)
            .Select(f => (f.Label.ToLowerInvariant(), was.GetValueOrDefault(f.Key), now.GetValueOrDefault(f.Key)))]);
    }

    private async Task<bool> SaveSecretsAsync()
    {
        foreach (var (key, value) in _secrets.Where(s => !string.IsNullOrWhiteSpace(s.Value)).ToList())
        {
            var set = await SetSecret.RunAsync(new SetSourceSecretRequest(Source.Row.Id, key, value));
            if (!set.IsOk)
            {
                _faults.Take(set.Error is Error.Invalid invalid ? new Error.Invalid(key, invalid.Message) : set.Error, key);
                return false;
            }
        }

        return true;
    }

    private async Task SwitchAsync()
    {
        var id = Source.Row.Id;
        var done = Source.Row.IsEnabled ? await Disable.RunAsync(new DisableSourceRequest(id)) : await Enable.RunAsync(new EnableSourceRequest(id));
        await AfterAsync(done.Error);
    }

    private async Task SetIntervalAsync()
    {
        var set = await SetInterval.RunAsync(new SetIntervalRequest(Source.Row.Id, _interval));
        _intervalFault = (set.Error as Error.Invalid)?.Message;
        if (set.Error is not Error.Invalid)
        {
            await AfterAsync(set.Error);
        }
    }

    private async Task AfterAsync(Error? error)
    {
        if (error is not null)
        {
            Page.Toast(error);
            return;
        }

        await OnSaved.InvokeAsync();
    }

    private async Task AskRemovalAsync()
    {
        var filter = new IdentityFilter { Sources = Choice.Of(Source.Row.Id.ToString()) };
        var seen = await Identities.RunAsync(new ListIdentitiesRequest(filter, Limit: 1));
        _affected = seen.IsOk ? seen.Value.Count.ToString() : null;
        _removing = true;
    }

    private async Task<Error?> RemoveAsync(string reason)
    {
        var removed = await Remove.RunAsync(new RemoveSourceRequest(Source.Row.Id, Source.Row.Version));
        if (removed.IsOk)
        {
            Page.Toast($"{Source.Row.Name} removed, {SourceWords.Count(removed.Value.Retired)} things retired");
            Navigation.NavigateTo("/sources");
        }

        return removed.Error;
    }
}
