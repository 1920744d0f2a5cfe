namespace NhiGovernance.Web.Shell.Lists;

/// <summary>Which columns of a list an address names under <c>cols</c>. Pure.</summary>
public static class ColumnChoice
{
    /// <summary>The columns of <paramref name="optional"/> that the text names; <paramref name="otherwise"/> without a text.</summary>
    public static IReadOnlySet<string> Read(string? text, IReadOnlyList<KeyValuePair<string, string>> optional, IReadOnlySet<string> otherwise) =>
        string.IsNullOrEmpty(text) ? otherwise : text.Split(',').Where(c => optional.Any(o => o.Key == c)).ToHashSet();
}
