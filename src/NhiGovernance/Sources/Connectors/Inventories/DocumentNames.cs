namespace NhiGovernance.Sources.Connectors.Inventories;

/// <summary>What an uploaded document may be called.</summary>
internal static class DocumentNames
{
    /// <summary>A plain file name that is read: letters, digits and a few marks, ending in .csv, .tsv or .json.</summary>
    public static string? Fault(string name) =>
        name.Length is 0 or > 120 || name[0] == '.' || !name.All(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_' or ' ')
            ? "A document's name has letters, digits, spaces, dots and dashes, at most 120 of them."
            : Path.GetExtension(name).ToLowerInvariant() is ".csv" or ".tsv" or ".json"
                ? null
                : "A document's name ends in .csv, .tsv or .json.";
}
