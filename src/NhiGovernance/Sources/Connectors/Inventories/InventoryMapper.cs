using System.Globalization;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.Inventories;

/// <summary>A row is refused; the reason names the column and never repeats a value that may be a secret.</summary>
internal sealed class RefusedRowException(string reason) : Exception(reason);

/// <summary>From a row to an observation, or a reason. Pure.</summary>
internal static class InventoryMapper
{
    private const int LongestKey = 300;
    private const int LongestText = 2000;

    /// <exception cref="RefusedRowException">Why the row cannot be taken.</exception>
    public static Observation Map(InventoryRecord record, string defaultPlace)
    {
        if (record.Problem is { } problem)
        {
            throw new RefusedRowException(problem);
        }

        foreach (var (column, value) in record.Values)
        {
            CheckText(column, value);
        }

        if (InventorySchema.Missing(record.Kind, record.Values.Keys) is { Count: > 0 } missing)
        {
            throw new RefusedRowException($"{string.Join(", ", missing)} missing");
        }

        return record.Kind switch
        {
            RecordKind.Identity => Identity(record.Values, defaultPlace),
            RecordKind.Credential => Credential(record.Values),
            _ => Person(record.Values),
        };
    }

    private static IdentityObservation Identity(IReadOnlyDictionary<string, string> row, string defaultPlace)
    {
        var place = row.GetValueOrDefault("place");
        return new IdentityObservation(Key(row, "id"), InventoryValues.Choice<IdentityKind>(row, "kind", IdentityKind.Own),
            Line(row, "name", 300), new PlaceReference(InventoryValues.PlaceKind(row.GetValueOrDefault("placekind")), place ?? defaultPlace))
        {
            Url = InventoryValues.Address(row.GetValueOrDefault("url")),
            Disabled = InventoryValues.Flag(row, "disabled"),
            CreatedAt = InventoryValues.Instant(row, "createdat"),
            LastUsedAt = InventoryValues.Instant(row, "lastusedat"),
            ExpiresAt = InventoryValues.Instant(row, "expiresat"),
            JoinKeys = InventoryValues.Words(row, "joinkeys"),
            Grants =
            [
                .. InventoryValues.Grants(row, "grants", false, false),
                .. InventoryValues.Grants(row, "releasegrants", true, false),
                .. InventoryValues.Grants(row, "privilegedgrants", false, true),
            ],
            Facts = Facts(row, "owner", "environment", "provider", "notes"),
        };
    }

    private static CredentialObservation Credential(IReadOnlyDictionary<string, string> row)
    {
        var kind = InventoryValues.Choice<CredentialKind>(row, "kind", null);
        return new CredentialObservation(Key(row, "id"), Key(row, "identity"), kind, row.ContainsKey("name") ? Line(row, "name", 300) : Key(row, "id"))
        {
            KeyIds = InventoryValues.Words(row, "keyids"),
            Disabled = InventoryValues.Flag(row, "disabled"),
            CreatedAt = InventoryValues.Instant(row, "createdat"),
            LastUsedAt = InventoryValues.Instant(row, "lastusedat"),
            ExpiresAt = InventoryValues.Instant(row, "expiresat"),
            Facts = row.ContainsKey("rotatedat")
                ? new Dictionary<string, KnownValue>(Facts(row, "notes")) { ["rotatedAt"] = InventoryValues.Instant(row, "rotatedat") }
                : Facts(row, "notes"),
        };
    }

    private static PersonObservation Person(IReadOnlyDictionary<string, string> row)
    {
        var email = row.GetValueOrDefault("email");
        if (email is not null && (email.Length > 256 || email.IndexOf('@', StringComparison.Ordinal) <= 0 || email.Contains(' ', StringComparison.Ordinal)))
        {
            throw new RefusedRowException("email is no e-mail address");
        }

        return new PersonObservation(Key(row, "id"), Line(row, "login", 200))
        {
            DisplayName = row.ContainsKey("name") ? KnownValue.Of(Line(row, "name", 200)) : KnownValue.NotExposed,
            Email = KnownValue.Or(email?.ToLowerInvariant(), KnownValue.NotExposed),
            Status = row.ContainsKey("status") ? InventoryValues.Choice<PersonStatus>(row, "status", null) : PersonStatus.Unknown,
            LeaveDate = InventoryValues.Date(row, "leavedate"),
            Facts = Facts(row, "manager", "department", "notes"),
        };
    }

    private static void CheckText(string column, string value)
    {
        if (value.Contains(InventoryText.Broken, StringComparison.Ordinal))
        {
            throw new RefusedRowException($"{column} has bytes that are not UTF-8; save the file as UTF-8");
        }

        if (value.Length > LongestText)
        {
            throw new RefusedRowException($"{column} is longer than {LongestText} characters");
        }

        if (value.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')))
        {
            throw new RefusedRowException($"{column} holds control characters");
        }

        if (SecretShapes.Is(value))
        {
            throw new RefusedRowException($"{column} looks like the value of a secret; nothing of the row was kept");
        }
    }

    private static string Key(IReadOnlyDictionary<string, string> row, string column) => Line(row, column, LongestKey);

    private static string Line(IReadOnlyDictionary<string, string> row, string column, int longest)
    {
        var text = row[column];
        return text.Length > longest ? throw new RefusedRowException(string.Create(CultureInfo.InvariantCulture, $"{column} is longer than {longest} characters"))
            : text.Any(char.IsControl) ? throw new RefusedRowException($"{column} has more than one line; a quotation mark may be missing")
            : text;
    }

    private static Dictionary<string, KnownValue> Facts(IReadOnlyDictionary<string, string> row, params string[] columns) =>
        columns.Where(row.ContainsKey).ToDictionary(c => c, c => KnownValue.Of(row[c]), StringComparer.Ordinal);
}
