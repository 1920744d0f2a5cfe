namespace NhiGovernance.Inventory.Filtering;

public enum CredentialOrder
{
    Expires,
    LastUsed,

    /// <summary>When the key material was last seen to change, or first seen: the longest unchanged under our eyes come first.</summary>
    KeyChanged,
}

/// <summary>How credentials are sorted. Text: "expires", "-lastUsed" (descending). What has no value comes last either way.</summary>
public readonly record struct CredentialSort(CredentialOrder By = CredentialOrder.Expires, bool Descending = false)
{
    /// <summary>The default, soonest to expire first, when the text is none.</summary>
    public static CredentialSort Parse(string? text) => SortText.Read<CredentialOrder>(text) is var (by, descending) ? new CredentialSort(by, descending) : default;

    public override string ToString() => SortText.Write(By, Descending);
}
