using System.Collections;
using System.Data.Common;

namespace NhiGovernance.Tests.Data.SqlServer;

/// <summary>One row in which every column holds some value of whatever type is asked for, so that use cases go on past their first look-up.</summary>
internal sealed class MadeUpReader : DbDataReader
{
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

    public override bool IsDBNull(int ordinal) => false;

    public override bool GetBoolean(int ordinal) => true;

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

    public override Guid GetGuid(int ordinal) => SomeId;

    public override short GetInt16(int ordinal) => 1;

    public override int GetInt32(int ordinal) => 1;

    public override long GetInt64(int ordinal) => 1;

    public override string GetName(int ordinal) => $"column{ordinal}";

    public override int GetOrdinal(string name) => 0;

    /// <summary>"0" is a name, a number, and (by its number) a value of every enum.</summary>
    public override string GetString(int ordinal) => "0";

    public override object GetValue(int ordinal) => "0";

    public override int GetValues(object[] values) => 0;

    public override T GetFieldValue<T>(int ordinal) =>
        typeof(T) == typeof(DateTimeOffset) ? (T)(object)new DateTimeOffset(GetDateTime(ordinal))
        : typeof(T) == typeof(byte[]) ? (T)(object)new byte[32]
        : typeof(T) == typeof(Guid) ? (T)(object)SomeId
        : typeof(T) == typeof(DateOnly) ? (T)(object)new DateOnly(2026, 11, 21)
        : (T)Convert.ChangeType("0", typeof(T), System.Globalization.CultureInfo.InvariantCulture);

    public override IEnumerator GetEnumerator() => Array.Empty<object>().GetEnumerator();
}
