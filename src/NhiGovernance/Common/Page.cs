namespace NhiGovernance.Common;

/// <summary>A page of a list. <paramref name="Next"/> is an opaque cursor, null on the last page.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next, BoundedCount Count);

/// <summary>A count that is exact up to <see cref="Limit"/>, and "10,000+" beyond.</summary>
/// <param name="Value">Exact up to 10,000; one more stands for all beyond.</param>
public readonly record struct BoundedCount(int Value)
{
    public const int Limit = 10_000;

    /// <summary>True beyond 10,000.</summary>
    public bool IsMore => Value > Limit;

    public override string ToString() =>
        IsMore ? "10,000+" : Value.ToString("N0", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>What all lists answer to a cursor that they did not give: never the first page again, which would be read for ever.</summary>
internal static class Cursors
{
    public static Error NoneOfOurs => new Error.Invalid("cursor", "This cursor is none of ours. Start again without it.");
}
