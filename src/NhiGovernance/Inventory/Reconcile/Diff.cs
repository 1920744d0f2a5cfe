using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Reconcile;

/// <summary>What a time-line can tell of one thing, as it stood or stands.</summary>
internal sealed record ThingView
{
    /// <summary>Fields beside the facts by camelCase name: name, kind, place.</summary>
    public IReadOnlyDictionary<string, KnownValue> Fields { get; init; } = new Dictionary<string, KnownValue>();

    public IReadOnlyDictionary<string, KnownValue> Facts { get; init; } = new Dictionary<string, KnownValue>();

    public IReadOnlyList<GrantObservation> Grants { get; init; } = [];

    /// <summary>Sorted. Empty: the source shows none.</summary>
    public IReadOnlyList<string> KeyIds { get; init; } = [];

    public bool IsGone { get; init; }

    /// <summary>There, and left out by the source's settings.</summary>
    public bool IsUncovered { get; init; }
}

internal sealed record Difference(ChangeKind Kind, string Subject, KnownValue? Before, KnownValue? After);

/// <summary>Two views of one thing in, what changed out. Pure.</summary>
internal static class Diff
{
    private const string LastUsed = "lastUsedAt";

    public static IReadOnlyList<Difference> Between(ThingView before, ThingView after)
    {
        var found = new List<Difference>();
        if (before.IsGone && !after.IsGone)
        {
            found.Add(new Difference(ChangeKind.CameBack, "state", null, null));
        }
        else if (after.IsUncovered && !before.IsUncovered)
        {
            found.Add(new Difference(ChangeKind.Uncovered, "state", null, null));
        }

        Fields(found, before.Fields, after.Fields);
        Fields(found, before.Facts, after.Facts);
        GrantsOf(found, before.Grants, after.Grants);
        Keys(found, before.KeyIds, after.KeyIds);
        return found;
    }

    private static void Fields(List<Difference> found, IReadOnlyDictionary<string, KnownValue> before, IReadOnlyDictionary<string, KnownValue> after)
    {
        foreach (var name in before.Keys.Union(after.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var (old, now) = (before.GetValueOrDefault(name), after.GetValueOrDefault(name));
            if (old != now && !IsMereUse(name, old, now))
            {
                found.Add(new Difference(ChangeKind.Field, name, old, now));
            }
        }
    }

    // To be used is no change of a thing: it would bury the time-line. From "never used" to a use is one.
    private static bool IsMereUse(string name, KnownValue? old, KnownValue? now) =>
        (name == LastUsed || now is { IsTally: true }) && old?.State == Knowledge.Value && now?.State == Knowledge.Value;

    private static void GrantsOf(List<Difference> found, IReadOnlyList<GrantObservation> before, IReadOnlyList<GrantObservation> after)
    {
        foreach (var gone in Grants.InOrder(before.Except(after)))
        {
            found.Add(new Difference(ChangeKind.GrantRemoved, Subject(gone), Weight(gone), null));
        }

        foreach (var added in Grants.InOrder(after.Except(before)))
        {
            found.Add(new Difference(ChangeKind.GrantAdded, Subject(added), null, Weight(added)));
        }
    }

    // Key ids that come into sight are not a rotation, and none is shown when they go out of it: only another set is one.
    private static void Keys(List<Difference> found, IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        if (!before.ToHashSet(StringComparer.Ordinal).SetEquals(after))
        {
            found.Add(new Difference(
                before.Count > 0 && after.Count > 0 ? ChangeKind.Material : ChangeKind.Field, "keyIds", List(before), List(after)));
        }
    }

    private static string Subject(GrantObservation grant) => $"{grant.Permission} on {grant.Resource}";

    private static KnownValue Weight(GrantObservation grant) => KnownValue.Of(grant switch
    {
        { AltersRelease: true, Privileged: true } => "can alter a release, privileged",
        { AltersRelease: true } => "can alter a release",
        { Privileged: true } => "privileged",
        _ => "granted",
    });

    private static KnownValue List(IReadOnlyList<string> keys) => keys.Count == 0 ? KnownValue.NotExposed : KnownValue.Of(string.Join(", ", keys));
}
