namespace NhiGovernance.Sources.Connectors.Inventories;

/// <param name="Name">The file's name.</param>
/// <param name="ContentType">"text/csv" or "application/json".</param>
public sealed record ExampleFile(string Name, string ContentType, string Summary);

/// <summary>Examples and the schema of inventory files, to download.</summary>
public static class FileConnectorExamples
{
    public static readonly IReadOnlyList<ExampleFile> All =
    [
        new("identities.csv", "text/csv", "Identities with grants and dates."),
        new("credentials.csv", "text/csv", "Credentials of these identities; metadata only."),
        new("people.csv", "text/csv", "People with status and leave date."),
        new("inventory.json", "application/json", "The same three in one document."),
        new("inventory.schema.json", "application/schema+json", "The JSON schema."),
    ];

    /// <summary>Null when there is no such example. The caller disposes the stream.</summary>
    public static Stream? Open(string name) => All.Any(e => e.Name == name) ? EmbeddedFile.Open(name) : null;
}
