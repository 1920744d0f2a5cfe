using NhiGovernance.Catalogue;

namespace NhiGovernance.Web.Catalogue;

/// <summary>The words of the catalogue's enums, and counts with their nouns.</summary>
internal static class Words
{
    public static string Of(EnvironmentTier tier) => tier switch
    {
        EnvironmentTier.Tier1 => "Tier 1",
        EnvironmentTier.Tier2 => "Tier 2",
        EnvironmentTier.Tier3 => "Tier 3",
        _ => throw new ArgumentOutOfRangeException(nameof(tier)),
    };

    /// <summary>A bounded count keeps its plus: "10,000+ identities".</summary>
    public static string Count(Common.BoundedCount number, string one, string many) => number.Value == 1 ? $"1 {one}" : $"{number} {many}";

    public static string Count(int number, string one, string? many = null) => number == 1
        ? $"1 {one}"
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{number:N0} {many ?? one + "s"}");
}
