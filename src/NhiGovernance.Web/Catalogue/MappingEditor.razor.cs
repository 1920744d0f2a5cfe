using Microsoft.AspNetCore.Components;
using NhiGovernance.Catalogue.Mapping;
using NhiGovernance.Common;
using NhiGovernance.Web.Shell;
using NhiGovernance.Web.Shell.Parts;

namespace NhiGovernance.Web.Catalogue;

public sealed partial class MappingEditor : IDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(300);

    private readonly string _id = Unique.Id("rules");
    private readonly FormFaults _faults = new();
    private readonly CancellationTokenSource _life = new();
    private readonly List<Draft> _drafts = [];
    private CancellationTokenSource? _ask;
    private ITimer? _timer;
    private IReadOnlyList<RuleInput> _saved = [];
    private IReadOnlyList<RuleInput> _seen = [];
    private MappingPreview? _preview;
    private bool _asking;
    private bool _busy;

    [Inject] private PreviewMapping Preview { get; set; } = default!;

    [Inject] private Page Page { get; set; } = default!;

    [Inject] private TimeProvider Clock { get; set; } = default!;

    [Parameter, EditorRequired] public MappingTarget Target { get; set; }

    [Parameter, EditorRequired] public string Key { get; set; } = "";

    /// <summary>The rules as they are saved.</summary>
    [Parameter, EditorRequired] public IReadOnlyList<RuleInput> Rules { get; set; } = [];

    /// <summary>False: the rules are shown, not changed.</summary>
    [Parameter] public bool May { get; set; }

    /// <summary>Saves the typed rules over those that were seen; the error stays in the form.</summary>
    [Parameter, EditorRequired] public Func<IReadOnlyList<RuleInput>, IReadOnlyList<RuleInput>, Task<Error?>> Save { get; set; } = default!;

    private IReadOnlyList<RuleInput> Typed => [.. _drafts.Where(d => d.Pattern.Trim().Length > 0).Select(d => new RuleInput(d.Kind, d.Pattern.Trim()))];

    private bool IsChanged => !Typed.ToHashSet().SetEquals(_saved);

    public void Dispose()
    {
        _timer?.Dispose();
        _life.Cancel();
        _life.Dispose();
    }

    protected override void OnInitialized() =>
        _timer = Clock.CreateTimer(_ => _ = InvokeAsync(AskAsync), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    protected override async Task OnParametersSetAsync()
    {
        // Rules that somebody else saved do not wipe what is being typed here.
        if (Rules.ToHashSet().SetEquals(_saved) && _preview is not null)
        {
            return;
        }

        var untouched = !IsChanged;
        _saved = Rules;
        if (untouched)
        {
            Undo();
        }

        await AskAsync();
    }

    private void Undo()
    {
        _seen = _saved;
        _drafts.Clear();
        _drafts.AddRange(_saved.Select(r => new Draft { Kind = r.Kind, Pattern = r.Pattern }));
        _faults.Clear();
        AskSoon();
    }

    private void Add() => _drafts.Add(new Draft { Kind = _drafts.LastOrDefault()?.Kind ?? "repository" });

    private void Drop(Draft draft)
    {
        _drafts.Remove(draft);
        AskSoon();
    }

    private void Change(Draft draft, string kind, string pattern)
    {
        (draft.Kind, draft.Pattern) = (kind, pattern);
        AskSoon();
    }

    private void AskSoon() => _timer?.Change(Quiet, Timeout.InfiniteTimeSpan);

    private async Task AskAsync()
    {
        if (!May || _life.IsCancellationRequested)
        {
            return;
        }

        _ask?.Cancel();
        var mine = _ask = CancellationTokenSource.CreateLinkedTokenSource(_life.Token);
        _asking = true;
        try
        {
            var preview = await Preview.RunAsync(new PreviewMappingRequest(Target, Key, Typed), mine.Token);
            if (!mine.IsCancellationRequested)
            {
                _asking = false;
                _faults.Take(preview.Error, FieldNames());
                _preview = preview.IsOk ? preview.Value : _preview;
                StateHasChanged();
            }
        }
        catch (OperationCanceledException)
        {
            // A newer letter asks anew.
        }
    }

    private async Task SaveAsync()
    {
        _busy = true;
        try
        {
            var (typed, seen) = (Typed, _seen);
            var error = await Save(typed, seen);
            if (error is Error.Conflict && !_saved.ToHashSet().SetEquals(seen))
            {
                error = Conflicts.OfSets(seen.Select(Words), _saved.Select(Words));
                _seen = _saved;
            }

            _faults.Take(error, FieldNames());
            if (error is null)
            {
                _saved = _seen = typed;
                await Page.SavedAsync();
                await AskAsync();
            }
        }
        finally
        {
            _busy = false;
        }
    }

    private static string Words(RuleInput rule) => $"{rule.Kind} {rule.Pattern}";

    private IEnumerable<string> FieldNames() =>
        Enumerable.Range(0, _drafts.Count).SelectMany(i => new[] { $"rules[{i}].kind", $"rules[{i}].pattern" });

    /// <summary>The request holds the rules that have a pattern; its numbers are not the rows' numbers.</summary>
    private string? Fault(int row)
    {
        if (_drafts[row].Pattern.Trim().Length == 0)
        {
            return null;
        }

        var at = _drafts.Take(row).Count(d => d.Pattern.Trim().Length > 0);
        return _faults[$"rules[{at}].pattern"] ?? _faults[$"rules[{at}].kind"];
    }

    private bool IsUnmatched(Draft draft) => _preview?.Unmatched.Contains(new RuleInput(draft.Kind, draft.Pattern.Trim())) == true;

    private static string Example(string kind) => kind switch
    {
        "organization" => "acme",
        "environment" => "acme/ledger/production",
        "account" => "123456789012",
        "namespace" => "prod-eu/ledger",
        "image" => "registry.example.com/ledger/**",
        "system" => "build-server-*",
        _ => "acme/ledger-*",
    };

    private sealed class Draft
    {
        public required string Kind { get; set; }

        public string Pattern { get; set; } = "";
    }
}
