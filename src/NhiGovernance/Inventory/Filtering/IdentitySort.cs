namespace NhiGovernance.Inventory.Filtering;

public enum IdentityOrder
{
    Name,
    Kind,
    LastUsed,
    Expires,
    FirstSeen,
    Team,
}

/// <summary>How a list is sorted. Text: "name", "-lastUsed" (descending). What has no value comes last either way.</summary>
public readonly record struct IdentitySort(IdentityOrder By = IdentityOrder.Name, bool Descending = false)
{
    /// <summary>The default, by name, when the text is none.</summary>
    public static IdentitySort Parse(string? text)
    {
        var descending = text?.StartsWith('-') == true;
        return Enum.TryParse<IdentityOrder>(descending ? text![1..] : text, ignoreCase: true, out var by) && Enum.IsDefined(by)
            ? new IdentitySort(by, descending)
            : default;
    }

    public override string ToString()
    {
        var name = By.ToString();
        return (Descending ? "-" : string.Empty) + char.ToLowerInvariant(name[0]) + name[1..];
    }
}
