using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using NhiGovernance.Data;

namespace NhiGovernance.Inventory.Reconcile;

/// <summary>An entity's columns and values for bulk loads, read off the model, so that a new property needs no second list.</summary>
internal sealed class RowMap
{
    private static readonly ConcurrentDictionary<IEntityType, RowMap> Maps = new();
    private readonly Func<object, object?>[] _values;

    private RowMap(IEntityType entity)
    {
        Table = entity.GetTableName()!;
        var properties = entity.GetProperties().ToArray();
        Columns = properties.Select(p => new StagedColumn(p.GetColumnName(), Provided(p), p.FindAnnotation(Conventions.JsonColumn) is not null)).ToArray();
        _values = properties.Select(Value).ToArray();
        Names = Columns.Select(c => c.Name).ToArray();
    }

    public string Table { get; }

    public IReadOnlyList<StagedColumn> Columns { get; }

    public IReadOnlyList<string> Names { get; }

    public static RowMap Of<T>(GovernanceDb db) => Maps.GetOrAdd(db.Model.FindEntityType(typeof(T))!, e => new RowMap(e));

    public object?[] Row(object entity)
    {
        var row = new object?[_values.Length];
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = _values[i](entity);
        }

        return row;
    }

    private static Type Provided(IProperty property)
    {
        var type = property.GetTypeMapping().Converter?.ProviderClrType ?? property.ClrType;
        return Nullable.GetUnderlyingType(type) ?? type;
    }

    private static Func<object, object?> Value(IProperty property)
    {
        var getter = property.GetGetter();
        var type = Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
        if (type.IsEnum)
        {
            // One string for each name, not one for each row.
            var names = Enum.GetValuesAsUnderlyingType(type).Cast<object>().ToDictionary(v => Enum.ToObject(type, v), v => Enum.ToObject(type, v).ToString());
            return entity => getter.GetClrValue(entity) is { } value ? names[value] : null;
        }

        return property.GetTypeMapping().Converter is { } converter
            ? entity => getter.GetClrValue(entity) is { } value ? converter.ConvertToProvider(value) : null
            : getter.GetClrValue;
    }
}
