using System.Globalization;
using Microsoft.AspNetCore.Components;
using NhiGovernance.Audit;
using NhiGovernance.Common;
using NhiGovernance.Web.Shell;
using NhiGovernance.Web.Shell.Lists;

namespace NhiGovernance.Web.Audit;

public sealed partial class AuditPage
{
    private static readonly FilterField[] s_fields =
    [
        new("action", "What", [.. AuditWords.Groups.Select(a => new FilterOption(a, AuditWords.Group(a)))], ThreeWay: false),
    ];

    private const string ExportPath = "/api/v1/audit/export";

    private AuditVerification? _verified;
    private VerifyProgress _progress = new(0, 0);
    private bool _verifying;

    [Inject] private ListAuditEntries List { get; set; } = default!;

    [Inject] private VerifyAudit Verify { get; set; } = default!;

    [SupplyParameterFromQuery(Name = "action")] public string? ActionText { get; set; }

    [SupplyParameterFromQuery(Name = "actor")] public string? Actor { get; set; }

    [SupplyParameterFromQuery(Name = "target")] public string? Target { get; set; }

    /// <summary>First day, in the viewer's zone.</summary>
    [SupplyParameterFromQuery(Name = "start")] public string? Start { get; set; }

    /// <summary>Last day, in the viewer's zone, itself included.</summary>
    [SupplyParameterFromQuery(Name = "end")] public string? End { get; set; }

    protected override string Noun => "entries";

    private AuditFilter Filter => new(Blank(ActionText), Blank(Actor), null, Blank(Target), Day(Start, 0), Day(End, 1));

    private string ExportHref
    {
        get
        {
            var filter = Filter;
            (string Key, string? Value)[] all =
            [
                ("action", filter.Action), ("actor", filter.ActorId), ("target", filter.TargetId),
                ("from", filter.From?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)), ("until", filter.Until?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)),
            ];
            var query = string.Join('&', all.Where(p => p.Value is not null).Select(p => $"{p.Key}={Uri.EscapeDataString(p.Value!)}"));
            return query.Length == 0 ? ExportPath : $"{ExportPath}?{query}";
        }
    }

    protected override Task<Result<Page<AuditRow>>> ReadAsync(CancellationToken cancellationToken) =>
        List.RunAsync(new ListAuditEntriesRequest(Filter, Cursor, Size), cancellationToken);

    private void SetDay(bool start, ChangeEventArgs change) =>
        Navigation.Push((start ? "start" : "end", change.Value as string), ("cursor", null), ("from", null));

    private async Task VerifyAsync()
    {
        (_verifying, _verified, _progress) = (true, null, new(0, 0));
        StateHasChanged();
        try
        {
            // Made here, so that reports come back to this page's own thread of work.
            var progress = new Progress<VerifyProgress>(p =>
            {
                _progress = p;
                StateHasChanged();
            });
            var verified = await Verify.RunAsync(new VerifyAuditRequest { Progress = progress }, Life);
            if (verified.IsOk)
            {
                _verified = verified.Value;
                Page.Say(AuditWords.Sentence(verified.Value));
            }
            else
            {
                Page.Toast(verified.Error);
            }
        }
        finally
        {
            _verifying = false;
        }
    }

    private DateTimeOffset? Day(string? text, int plus)
    {
        if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return null;
        }

        var midnight = day.AddDays(plus).ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(midnight, Time.Zone.GetUtcOffset(midnight));
    }

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
