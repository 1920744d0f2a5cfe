using System.Text.RegularExpressions;

namespace NhiGovernance.Sources.Connectors.Inventories;

/// <summary>The columns and properties of an inventory document: docs/connectors/file.md and inventory.schema.json say the same.</summary>
internal static partial class InventorySchema
{
    public const string Format = "nhi-inventory/1";

    private static readonly string[] Shared = ["record", "id", "name", "createdat", "lastusedat", "expiresat", "disabled", "notes"];

    private static readonly Dictionary<RecordKind, string[]> Columns = new()
    {
        [RecordKind.Identity] = [.. Shared, "kind", "placekind", "place", "url", "joinkeys", "grants", "releasegrants", "privilegedgrants", "owner", "environment", "provider"],
        [RecordKind.Credential] = [.. Shared, "identity", "kind", "keyids", "rotatedat"],
        [RecordKind.Person] = ["record", "id", "login", "name", "email", "status", "leavedate", "manager", "department", "notes"],
    };

    private static readonly Dictionary<RecordKind, string[]> Needed = new()
    {
        [RecordKind.Identity] = ["id", "kind", "name"],
        [RecordKind.Credential] = ["id", "identity", "kind"],
        [RecordKind.Person] = ["id", "login"],
    };

    /// <summary>"Last used at", "last_used_at" and "lastUsedAt" are one column.</summary>
    public static string Normalize(string column) =>
        string.Concat(column.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    public static bool Knows(RecordKind kind, string normalized) => Columns[kind].Contains(normalized);

    public static IReadOnlyList<string> ColumnsOf(RecordKind kind) => Columns[kind];

    public static IReadOnlyList<string> Missing(RecordKind kind, IEnumerable<string> normalized) => [.. Needed[kind].Except(normalized)];

    /// <summary>
    /// True for a column that would hold the value of a secret. Names of ids and of dates are fine: "keyIds", "tokenId",
    /// "secretExpiresAt".
    /// </summary>
    public static bool IsSecretColumn(string column)
    {
        var name = Normalize(column);
        return SecretName().IsMatch(name) && !HarmlessEnd().IsMatch(name);
    }

    /// <summary>What kind of rows a table holds, from its header alone. Null: each row says it in "record".</summary>
    /// <exception cref="RefusedFileException">No kind fits; says which columns are missing.</exception>
    public static RecordKind? KindOf(IReadOnlyCollection<string> normalized)
    {
        if (normalized.Contains("record"))
        {
            return null;
        }

        if (normalized.Contains("identity"))
        {
            return RecordKind.Credential;
        }

        if (normalized.Contains("login"))
        {
            return RecordKind.Person;
        }

        return normalized.Contains("kind")
            ? RecordKind.Identity
            : throw new RefusedFileException(
                "The header does not say what the rows are. Identities need id, kind and name; credentials id, identity and kind; people id and login; a mixed table has a column record.");
    }

    [GeneratedRegex("(password|passwd|passphrase|pwd|secret|token|privatekey|apikey|accesskey|connectionstring|credentialvalue|secretvalue|keymaterial|pat)$"
        + "|^(password|passwd|secret|token|value|plaintext)|(secret|token|password|key)(value|plain|plaintext|text|data)$", RegexOptions.NonBacktracking)]
    private static partial Regex SecretName();

    [GeneratedRegex("(id|ids|at|date|name|kind|type|count|fingerprint|hash|age|days|owner|url)$", RegexOptions.NonBacktracking)]
    private static partial Regex HarmlessEnd();
}
