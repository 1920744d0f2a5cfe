namespace NhiGovernance.Data;

/// <summary>How text columns are compared.</summary>
public static class Collations
{
    /// <summary>
    /// SQL Server compares text by its own rules unless told otherwise: "A" would be "a", and two keys that C# and PostgreSQL
    /// tell apart would be one. So every text column compares by code points there, those of temporary tables too.
    /// </summary>
    public const string SqlServer = "Latin1_General_100_BIN2";
}
