namespace NhiGovernance.Inventory.Filtering;

/// <summary>The text form of every list's order: its name in camelCase, "lastUsed", descending with a minus, "-lastUsed". Pure.</summary>
internal static class SortText
{
    /// <summary>Null when the text names none of the orders: the list then takes its own default.</summary>
    public static (TOrder By, bool Descending)? Read<TOrder>(string? text)
        where TOrder : struct, Enum
    {
        var descending = text?.StartsWith('-') == true;
        return Enum.TryParse<TOrder>(descending ? text![1..] : text, ignoreCase: true, out var by) && Enum.IsDefined(by) ? (by, descending) : null;
    }

    public static string Write<TOrder>(TOrder by, bool descending)
        where TOrder : struct, Enum
    {
        var name = by.ToString();
        return (descending ? "-" : string.Empty) + char.ToLowerInvariant(name[0]) + name[1..];
    }
}
