namespace NhiGovernance.Web.Inventory;

/// <summary>Which columns an export asks for: those that are shown. Pure.</summary>
public static class ExportColumns
{
    /// <summary>"none" when no optional column is shown, because nothing at all means every column.</summary>
    public static string Of(IReadOnlySet<string> columns) => columns.Count == 0 ? "none" : string.Join(',', columns.Order(StringComparer.Ordinal));
}
