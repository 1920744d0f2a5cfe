using System.Data.Common;
using System.Text.RegularExpressions;

namespace NhiGovernance.Tests.Data.SqlServer;

/// <summary>
/// The rows that a connection inserted, by its own statements, for use cases that read back what they just wrote. Only a query of that
/// table alone finds one, and only by an id that it holds.
/// </summary>
internal sealed partial class WrittenRows
{
    private readonly List<(string Table, IReadOnlyDictionary<string, object?> Row)> _rows = [];

    public void Take(string sql, DbParameterCollection parameters)
    {
        var values = parameters.Cast<DbParameter>().ToDictionary(p => p.ParameterName, p => p.Value is DBNull ? null : p.Value, StringComparer.Ordinal);
        foreach (Match insert in Insert().Matches(sql))
        {
            var (columns, given) = (insert.Groups[2].Value.Split(", "), insert.Groups[3].Value.Split(", "));
            if (columns.Length == given.Length)
            {
                _rows.Add((insert.Groups[1].Value, columns.Zip(given).ToDictionary(c => c.First.Trim('[', ']'), c => values.GetValueOrDefault(c.Second))));
            }
        }
    }

    public IReadOnlyDictionary<string, object?>? Find(string sql, DbParameterCollection parameters)
    {
        if (_rows.Count == 0 || !RealRows.IsOfOneTable(sql) || RealRows.TableOf(sql) is not { } table)
        {
            return null;
        }

        var ids = parameters.Cast<DbParameter>().Select(p => p.Value).OfType<Guid>().ToHashSet();
        return _rows.FindLast(r => r.Table == table && r.Row.GetValueOrDefault("id") is Guid id && ids.Contains(id)).Row;
    }

    [GeneratedRegex(@"INSERT INTO \[(\w+)\] \(([^)]*)\)\s+VALUES \(([^)]*)\)", RegexOptions.NonBacktracking)]
    private static partial Regex Insert();
}
