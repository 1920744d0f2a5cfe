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
    public static IdentitySort Parse(string? text) => SortText.Read<IdentityOrder>(text) is var (by, descending) ? new IdentitySort(by, descending) : default;

    public override string ToString() => SortText.Write(By, Descending);
}
