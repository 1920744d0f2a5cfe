using System.Collections;
using System.Data.Common;
using System.Text.RegularExpressions;

namespace NhiGovernance.Tests.Data.SqlServer;

/// <summary>One row in which every column holds some value of whatever type is asked for, so that use cases go on past their first look-up.</summary>
/// <param name="sql">The query: by the names of its columns, those that hold JSON or a hash get a value that can be read.</param>
/// <param name="some">False: numbers are 0 and booleans false, as of a count or an EXISTS that finds nothing.</param>
/// <param name="row">A real row of the table that is read, by column: what it holds is given instead of something made up.</param>
internal sealed partial class MadeUpReader(string sql, bool some = true, IReadOnlyDictionary<string, object?>? row = null) : DbDataReader
{
    private readonly string[] _columns = Columns(sql);

    private static readonly Guid SomeId = Guid.CreateVersion7();

    private int _reads;

    public override int Depth => 0;

    public override int FieldCount => 64;

    public override bool HasRows => true;

    public override bool IsClosed => false;

    public override int RecordsAffected => 1;

    public override object this[int ordinal] => "0";

    public override object this[string name] => "0";

    public override bool Read() => _reads++ == 0;

    public override bool NextResult() => false;

    public override bool IsDBNull(int ordinal) => Real(ordinal, out var value) && value is null;

    public override bool GetBoolean(int ordinal) => Real(ordinal, out var value) && value is bool real ? real : some;

    public override byte GetByte(int ordinal) => 1;

    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length) => 0;

    public override char GetChar(int ordinal) => '0';

    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) => 0;

    public override string GetDataTypeName(int ordinal) => "nvarchar";

    public override DateTime GetDateTime(int ordinal) => new(2026, 11, 21, 12, 0, 0, DateTimeKind.Utc);

    public override decimal GetDecimal(int ordinal) => 1;

    public override double GetDouble(int ordinal) => 1;

    public override Type GetFieldType(int ordinal) => typeof(string);

    public override float GetFloat(int ordinal) => 1;

    public override Guid GetGuid(int ordinal) => Real(ordinal, out var value) && value is Guid real ? real : SomeId;

    public override short GetInt16(int ordinal) => 1;

    public override int GetInt32(int ordinal) => Real(ordinal, out var value) && value is int real ? real : some ? 1 : 0;

    public override long GetInt64(int ordinal) => Real(ordinal, out var value) && value is long real ? real : some ? 1 : 0;

    public override string GetName(int ordinal) => $"column{ordinal}";

    public override int GetOrdinal(string name) => 0;

    /// <summary>"0" is a name, a number, and (by its number) a value of every enum.</summary>
    public override string GetString(int ordinal) => Real(ordinal, out var value) && value is string real ? real : _columns.ElementAtOrDefault(ordinal) switch
    {
        "facts" or "settings" => "{}",
        "grants" or "join_keys" or "key_ids" or "scopes" or "notes" => "[]",
        "password_hash" => Convert.ToBase64String(new byte[61]),
        "connector_key" => "file",
        "subject_kind" => "identity",
        _ => "0",
    };

    public override object GetValue(int ordinal) => "0";

    public override int GetValues(object[] values) => 0;

    public override T GetFieldValue<T>(int ordinal) =>
        Real(ordinal, out var value) && value is T real ? real
        : Real(ordinal, out value) && value is DateTime at && typeof(T) == typeof(DateTimeOffset) ? (T)(object)new DateTimeOffset(DateTime.SpecifyKind(at, DateTimeKind.Utc))
        : typeof(T) == typeof(DateTimeOffset) ? (T)(object)new DateTimeOffset(GetDateTime(ordinal))
        : typeof(T) == typeof(byte[]) ? (T)(object)new byte[32]
        : typeof(T) == typeof(Guid) ? (T)(object)SomeId
        : typeof(T) == typeof(DateOnly) ? (T)(object)new DateOnly(2026, 11, 21)
        : typeof(T) == typeof(string) ? (T)(object)GetString(ordinal)
        : (T)Convert.ChangeType("0", typeof(T), System.Globalization.CultureInfo.InvariantCulture);

    private bool Real(int ordinal, out object? value)
    {
        value = null;
        return row is not null && _columns.ElementAtOrDefault(ordinal) is { Length: > 0 } column && row.TryGetValue(column, out value);
    }

    /// <summary>Of each item between SELECT and FROM: the column, or else the alias of what is computed.</summary>
    private static string[] Columns(string sql)
    {
        var items = new List<string> { "" };
        var depth = 0;
        var from = sql.IndexOf("\nFROM ", StringComparison.Ordinal);
        foreach (var c in from < 0 ? "" : sql[..from])
        {
            depth += c switch { '(' => 1, ')' => -1, _ => 0 };
            if (c == ',' && depth == 0)
            {
                items.Add("");
            }
            else
            {
                items[^1] += c;
            }
        }

        return [.. items.Select(i => Renamed().Match(i) is { Success: true } renamed ? renamed.Groups[1].Value : i).Select(i => i.LastIndexOf('[') is >= 0 and var at ? i[(at + 1)..].TrimEnd(']', ' ', '\r', '\n').TrimEnd("0123456789".ToCharArray()).ToLowerInvariant() : "")];
    }

    /// <summary>A column as it is, under another name: "[h].[subject_kind] AS [SubjectKind]".</summary>
    [GeneratedRegex(@"(?:^|\s)\[\w+\](\.\[\w+\]) AS \[\w+\]\s*$", RegexOptions.NonBacktracking)]
    private static partial Regex Renamed();

    public override IEnumerator GetEnumerator() => Array.Empty<object>().GetEnumerator();
}
