using NhiGovernance.Web.Shell.Lists;

namespace NhiGovernance.Web.Inventory;

/// <summary>The columns that can be left out or added; the name is always there. In the address under <c>cols</c>. Pure.</summary>
public static class IdentityColumns
{
    public static readonly IReadOnlyList<KeyValuePair<string, string>> Optional =
    [
        new("state", "State"), new("owner", "Owner"), new("used", "Last used"), new("expires", "Expires"), new("release", "Release"),
        new("kind", "Kind"), new("service", "Service"), new("product", "Product"), new("environment", "Environment"), new("source", "Source"), new("credentials", "Credentials"), new("seen", "First seen"),
    ];

    public static readonly IReadOnlySet<string> Default = new HashSet<string> { "state", "owner", "used", "expires", "release" };

    /// <summary>The columns that the text names; the default ones without a text.</summary>
    public static IReadOnlySet<string> Read(string? text) => ColumnChoice.Read(text, Optional, Default);
}
