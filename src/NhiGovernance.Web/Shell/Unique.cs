namespace NhiGovernance.Web.Shell;

/// <summary>Ids of elements that belong together (a label and its field); unique within the process.</summary>
public static class Unique
{
    private static long s_last;

    public static string Id(string prefix) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{prefix}-{Interlocked.Increment(ref s_last)}");
}
