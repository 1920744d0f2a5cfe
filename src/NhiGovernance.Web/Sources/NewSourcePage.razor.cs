using Microsoft.AspNetCore.Components;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Manage;
using NhiGovernance.Web.Shell.Parts;

namespace NhiGovernance.Web.Sources;

public sealed partial class NewSourcePage
{
    private readonly FormFaults _faults = new();
    private readonly Dictionary<string, string> _secrets = new(StringComparer.Ordinal);
    private Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private IReadOnlyList<ConnectorDescriptor>? _connectors;
    private ConnectorDescriptor? _connector;
    private string _name = "";
    private int _interval = 60;
    private bool _busy;

    [Inject] private ListConnectors List { get; set; } = default!;

    [Inject] private CreateSource Create { get; set; } = default!;

    [SupplyParameterFromQuery(Name = "connector")] public string? ConnectorKey { get; set; }

    /// <summary>Nothing can be read before something was uploaded.</summary>
    private bool Uploads => _connector?.Key == "file" && _values.GetValueOrDefault("from", "upload") != "path";

    protected override async Task OnParametersSetAsync()
    {
        if (_connectors is null)
        {
            await ReloadAsync();
        }

        Choose();
    }

    private Task ReloadAsync() => LoadAsync(token => List.RunAsync(new ListConnectorsRequest(), token), connectors => _connectors = connectors);

    private void Choose()
    {
        var chosen = _connectors?.FirstOrDefault(c => c.Key == ConnectorKey);
        if (chosen?.Key == _connector?.Key)
        {
            return;
        }

        _connector = chosen;
        _values = (chosen?.Settings ?? []).Where(f => f.Kind != SettingKind.Secret && Start(f) is not null)
            .ToDictionary(f => f.Key, f => Start(f)!, StringComparer.Ordinal);
        _secrets.Clear();
        _faults.Clear();
        _name = chosen?.Title ?? "";
        _interval = (int)(chosen?.DefaultInterval.TotalMinutes ?? 60);
    }

    private static string? Start(SettingField field) =>
        field.Default ?? (field is { Kind: SettingKind.Choice, Choices: [var first, ..] } ? first.Value : null);

    private async Task SaveAsync()
    {
        if (_busy || _connector is null)
        {
            return;
        }

        _busy = true;
        try
        {
            var saved = await Create.RunAsync(new CreateSourceRequest(_connector.Key, _name, _values, _secrets, _interval, PollNow: !Uploads), Life);
            _faults.Take(saved.Error, [.. _connector.Settings.Select(f => f.Key), "name", "intervalMinutes"]);
            if (saved.IsOk)
            {
                _secrets.Clear();
                Page.Toast(Uploads ? $"{_name} added; upload what it shall read" : $"{_name} added, its first run is waiting");
                Navigation.NavigateTo($"/sources/{saved.Value.Id}{(Uploads ? "?tab=documents" : "")}");
            }
        }
        finally
        {
            _busy = false;
        }
    }
}
