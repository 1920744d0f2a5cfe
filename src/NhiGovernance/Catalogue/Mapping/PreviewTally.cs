using NhiGovernance.Common;

namespace NhiGovernance.Catalogue.Mapping;

/// <summary>Counts what a draft does to place after place, and keeps the first few of each outcome to show.</summary>
internal sealed class PreviewTally(MappingDraft draft, IReadOnlyList<RuleInput> rules)
{
    private readonly List<(RuleInput Rule, PathGlob Glob)> _open = [.. rules.Select(r => (r, new PathGlob(r.Pattern)))];
    private readonly PathGlob[] _globs = [.. rules.Select(r => new PathGlob(r.Pattern))];
    private readonly Dictionary<PreviewOutcome, List<PreviewPlace>> _shown = [];
    private int _joining;
    private int _leaving;
    private int _claimed;

    public List<Guid> Members { get; } = [];

    public void Take(Place place)
    {
        var matches = Matches(place);
        var owner = draft.IsService ? draft.Mapping.ServiceOf(place.Kind, place.Path) : null;
        var belongs = draft.IsService ? owner?.Id == draft.Id && matches : matches;
        var was = draft.Now.Contains(place.Id);
        if (belongs)
        {
            Members.Add(place.Id);
            _joining += was ? 0 : 1;
            Show(place, was ? PreviewOutcome.Stays : Taken(place) ? PreviewOutcome.TakenOver : PreviewOutcome.Joins,
                was ? null : NameOf(place.ServiceId));
        }
        else if (was)
        {
            _leaving++;
            Show(place, PreviewOutcome.Leaves, NameOf(owner?.Id));
        }
        else if (matches)
        {
            _claimed++;
            Show(place, PreviewOutcome.ClaimedByOther, NameOf(owner?.Id));
        }
    }

    public MappingPreview Finish(BoundedCount identities)
    {
        PreviewOutcome[] order =
            [PreviewOutcome.Leaves, PreviewOutcome.TakenOver, PreviewOutcome.ClaimedByOther, PreviewOutcome.Joins, PreviewOutcome.Stays];
        var places = order.SelectMany(o => _shown.GetValueOrDefault(o) ?? []).Take(PreviewMapping.Shown).ToList();
        return new MappingPreview(Members.Count, _joining, _leaving, _claimed, identities, [.. _open.Select(o => o.Rule)], places);
    }

    private bool Matches(Place place)
    {
        _open.RemoveAll(o => o.Rule.Kind == place.Kind && o.Glob.Matches(place.Path));
        for (var i = 0; i < rules.Count; i++)
        {
            if (rules[i].Kind == place.Kind && _globs[i].Matches(place.Path))
            {
                return true;
            }
        }

        return false;
    }

    private bool Taken(Place place) => draft.IsService && place.ServiceId is { } other && other != draft.Id;

    private string? NameOf(Guid? service) => service is { } id && draft.Services.TryGetValue(id, out var name) ? name : null;

    private void Show(Place place, PreviewOutcome outcome, string? other)
    {
        if (!_shown.TryGetValue(outcome, out var list))
        {
            _shown[outcome] = list = [];
        }

        if (list.Count < PreviewMapping.Shown)
        {
            list.Add(new PreviewPlace(place.Kind, place.Path, outcome, other));
        }
    }
}
