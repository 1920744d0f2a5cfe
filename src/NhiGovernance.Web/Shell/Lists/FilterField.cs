namespace NhiGovernance.Web.Shell.Lists;

/// <summary>A field that a list can be filtered by; its text stands in the address under <see cref="Key"/>.</summary>
/// <param name="Key">The key in the address: "kind".</param>
/// <param name="Label">"Kind".</param>
/// <param name="Options">What can be chosen, in order, with counts under the other filters where they are known.</param>
/// <param name="ThreeWay">True: any number of values, each "only" or "leave out" (<c>A,!B</c>). False: one value.</param>
public sealed record FilterField(string Key, string Label, IReadOnlyList<FilterOption> Options, bool ThreeWay = true)
{
    /// <summary>Shown among the facets at the left; others are in "Add filter" alone.</summary>
    public bool AsFacet { get; init; } = true;

    /// <summary>The words of a value that is not among the options.</summary>
    public string Words(string value) => Options.FirstOrDefault(o => o.Value == value)?.Label ?? value;
}

/// <param name="Count">"21" or "10,000+"; null when it is not known.</param>
public sealed record FilterOption(string Value, string Label, string? Count = null);
