namespace NhiGovernance.Inventory.Reconcile;

/// <summary>
/// The brake on mass disappearance: a broken permission, a wrong organisation or a vendor's outage looks just like a great
/// clean-up, so a person decides. Pure.
/// </summary>
internal static class Brake
{
    public const int Things = 10;
    public const int Percent = 10;

    /// <summary>Missing in this many complete runs, and for <see cref="RetireAfter"/>, is retired.</summary>
    public const int RetireRuns = 2;

    public static readonly TimeSpan RetireAfter = TimeSpan.FromHours(24);

    /// <summary>With so many present, that many gone are not too many: nobody has to count further.</summary>
    public static long Enough(long gone) => gone > Things ? gone * 100 / Percent : 0;

    /// <param name="present">How many of the source's things were present before this run was judged.</param>
    /// <param name="gone">How many of those would go missing.</param>
    public static bool Holds(long present, long gone) => gone > Things && gone * 100 > present * Percent;
}
