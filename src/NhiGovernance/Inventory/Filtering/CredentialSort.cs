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
    public static CredentialSort Parse(string? text)
    {
        var descending = text?.StartsWith('-') == true;
        return Enum.TryParse<CredentialOrder>(descending ? text![1..] : text, ignoreCase: true, out var by) && Enum.IsDefined(by)
            ? new CredentialSort(by, descending)
            : default;
    }

    public override string ToString()
    {
        var name = By.ToString();
        return (Descending ? "-" : string.Empty) + char.ToLowerInvariant(name[0]) + name[1..];
    }
}
