using NhiGovernance.Common;

namespace NhiGovernance.Web.Shell.Parts;

/// <summary>
/// What a form says when somebody else saved meanwhile: it was sent with the version that the person saw, so nothing of the
/// other's was overwritten. Fields that the person did not touch take the other's value; the rest stays as typed. Pure.
/// </summary>
public static class Conflicts
{
    /// <summary>The typed value, or the one of now when nothing was typed over the one that was shown.</summary>
    public static T Merge<T>(T typed, T shown, T now) => EqualityComparer<T>.Default.Equals(typed, shown) ? now : typed;

    /// <summary>"name is now “B”, was “A”" for each field that differs, and what to do.</summary>
    public static Error Of(params IEnumerable<(string Label, string? Was, string? Is)> fields)
    {
        var changed = Differences(fields).ToList();
        return Sentence(changed.Count == 0 ? "nothing that stands here" : string.Join("; ", changed));
    }

    /// <summary>The same for a set: what was added, what was taken out; and further fields that stand beside it.</summary>
    public static Error OfSets(IEnumerable<string> was, IEnumerable<string> now, params IEnumerable<(string Label, string? Was, string? Is)> fields)
    {
        var (before, after) = (was.ToHashSet(StringComparer.Ordinal), now.ToHashSet(StringComparer.Ordinal));
        var parts = new List<string>();
        Add(parts, "added", after.Except(before));
        Add(parts, "removed", before.Except(after));
        parts.AddRange(Differences(fields));
        return Sentence(parts.Count == 0 ? "nothing that stands here" : string.Join("; ", parts));
    }

    private static IEnumerable<string> Differences(IEnumerable<(string Label, string? Was, string? Is)> fields) =>
        fields.Where(f => Blank(f.Was) != Blank(f.Is)).Select(f => $"{f.Label} is now {Quoted(f.Is)}, was {Quoted(f.Was)}");

    private static void Add(List<string> parts, string verb, IEnumerable<string> items)
    {
        var list = items.Order(StringComparer.Ordinal).ToList();
        if (list.Count > 0)
        {
            parts.Add($"{verb} {string.Join(", ", list.Take(5).Select(Quoted))}{(list.Count > 5 ? $" and {list.Count - 5} more" : null)}");
        }
    }

    private static Error Sentence(string what) => new Error.Conflict(
        $"Somebody saved this while you edited, so yours is not saved yet. Changed: {what}. Save again to put yours in its place.");

    private static string? Blank(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static string Quoted(string? text) => string.IsNullOrEmpty(text) ? "empty" : $"“{text}”";
}
