namespace NhiGovernance.Sources.Connectors.Inventories;

internal enum RecordKind
{
    Identity,
    Credential,
    Person,
}

/// <summary>One row or object as it stands in the file: names and texts, not yet judged.</summary>
/// <param name="Line">The row's first line in the file, counted from 1.</param>
/// <param name="Problem">Why it could not even be taken apart; then the values do not count.</param>
internal sealed record InventoryRecord(RecordKind Kind, int Line, IReadOnlyDictionary<string, string> Values, string? Problem = null);

/// <summary>The whole file is refused; the message says why, in words that are safe to show.</summary>
internal sealed class RefusedFileException(string reason) : Exception(reason);
