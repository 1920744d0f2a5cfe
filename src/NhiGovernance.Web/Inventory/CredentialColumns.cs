using NhiGovernance.Web.Shell.Lists;

namespace NhiGovernance.Web.Inventory;

/// <summary>The columns of the credential list that can be left out or added; name and identity are always there. In the address under <c>cols</c>. Pure.</summary>
public static class CredentialColumns
{
    public static readonly IReadOnlyList<KeyValuePair<string, string>> Optional =
    [
        new("state", "State"), new("expires", "Expires"), new("used", "Last used"), new("changed", "Key changed"),
        new("created", "Created"), new("keys", "Key ids"), new("seen", "First seen"),
    ];

    public static readonly IReadOnlySet<string> Default = new HashSet<string> { "state", "expires", "used", "changed" };

    /// <summary>The columns that the text names; the default ones without a text.</summary>
    public static IReadOnlySet<string> Read(string? text) => ColumnChoice.Read(text, Optional, Default);
}
