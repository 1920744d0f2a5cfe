namespace NhiGovernance.Inventory.Filtering;

/// <summary>
/// A three-way facet: only these values, any, or all but these. Values are the filter's own words ("DeployKey", a team's key,
/// "none"). In a query string each value stands for itself and a leading <c>!</c> leaves it out: <c>kind=DeployKey,!Runner</c>.
/// </summary>
public sealed class Choice : IEquatable<Choice>
{
    public const string None = "none";
    public static readonly Choice Any = new([], []);

    private Choice(IEnumerable<string> only, IEnumerable<string> not)
    {
        Only = only.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        Not = not.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Except(Only, StringComparer.Ordinal).ToArray();
    }

    /// <summary>Sorted; empty means any.</summary>
    public IReadOnlyList<string> Only { get; }

    /// <summary>Sorted; never holds a value of <see cref="Only"/>.</summary>
    public IReadOnlyList<string> Not { get; }

    public bool IsAny => Only.Count == 0 && Not.Count == 0;

    public static Choice Of(params IEnumerable<string> only) => new(only, []);

    public static Choice Except(params IEnumerable<string> not) => new([], not);

    /// <summary>The same choice with one value set to "only" (true), "leave out" (false) or "any" (null).</summary>
    public Choice With(string value, bool? include) => new(
        include == true ? Only.Append(value) : Only.Where(v => v != value),
        include == false ? Not.Append(value) : Not.Where(v => v != value));

    /// <summary>True: only; false: left out; null: any.</summary>
    public bool? StateOf(string value) => Only.Contains(value) ? true : Not.Contains(value) ? false : null;

    /// <summary>True when a thing with this value passes.</summary>
    public bool Admits(string value) => Only.Count > 0 ? Only.Contains(value) : !Not.Contains(value);

    internal static Choice Parse(string text)
    {
        var values = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new Choice(values.Where(v => v[0] != '!'), values.Where(v => v.Length > 1 && v[0] == '!').Select(v => v[1..]));
    }

    public override string ToString() => string.Join(',', Only.Concat(Not.Select(v => "!" + v)));

    public bool Equals(Choice? other) => other is not null && Only.SequenceEqual(other.Only) && Not.SequenceEqual(other.Not);

    public override bool Equals(object? obj) => Equals(obj as Choice);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ToString());
}
