using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace NhiGovernance.Data;

/// <summary>What holds for every table on every database: snake_case names, UTC instants to the millisecond, enums as words.</summary>
internal static class Conventions
{
    public static void Configure(ModelConfigurationBuilder builder)
    {
        builder.Properties<DateTimeOffset>().HaveConversion<UtcMilliseconds>();
        builder.Properties<Enum>().HaveConversion<string>().HaveMaxLength(40);
    }

    public static void Finish(ModelBuilder builder, string? provider)
    {
        var postgres = provider?.Contains("Npgsql", StringComparison.Ordinal) == true;
        foreach (var entity in builder.Model.GetEntityTypes())
        {
            if (entity.GetTableName() is { } table)
            {
                entity.SetTableName(SnakeCase(table));
            }

            foreach (var property in entity.GetProperties())
            {
                property.SetColumnName(SnakeCase(property.Name));
                if (property.FindAnnotation(JsonColumn) is not null)
                {
                    property.SetColumnType(postgres ? "jsonb" : "nvarchar(max)");
                }
                else if (!postgres && IsText(property.ClrType))
                {
                    property.SetCollation(Collations.SqlServer);
                }

                if (property.Name == nameof(IVersioned.Version) && typeof(IVersioned).IsAssignableFrom(entity.ClrType))
                {
                    property.IsConcurrencyToken = true;
                }
            }

            foreach (var key in entity.GetKeys())
            {
                key.SetName(SnakeCase(key.GetName() ?? $"PK_{entity.GetTableName()}"));
            }

            foreach (var foreignKey in entity.GetForeignKeys())
            {
                // SQL Server refuses several cascade paths; deletion is decided in use cases.
                foreignKey.DeleteBehavior = DeleteBehavior.Restrict;
                foreignKey.SetConstraintName(SnakeCase(foreignKey.GetConstraintName() ?? string.Empty));
            }

            foreach (var index in entity.GetIndexes())
            {
                index.SetDatabaseName(SnakeCase(index.GetDatabaseName() ?? string.Empty));
                if (index.FindAnnotation(IncludedColumns)?.Value is string[] included)
                {
                    index.SetAnnotation(postgres ? "Npgsql:IndexInclude" : "SqlServer:Include", included);
                }
            }
        }
    }

    /// <summary>Annotation of a string property that holds JSON: jsonb on PostgreSQL, text on SQL Server.</summary>
    public const string JsonColumn = "Nhi:Json";

    /// <summary>Annotation of an index: properties that it carries beside its key, so that a query of just these reads no row.</summary>
    public const string IncludedColumns = "Nhi:Include";

    private static bool IsText(Type type) => type == typeof(string) || (Nullable.GetUnderlyingType(type) ?? type).IsEnum;

    private static string SnakeCase(string name)
    {
        var text = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            if (char.IsUpper(c))
            {
                if (i > 0 && name[i - 1] != '_' && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1]))))
                {
                    text.Append('_');
                }

                text.Append(char.ToLowerInvariant(c));
            }
            else
            {
                text.Append(c);
            }
        }

        return text.ToString();
    }

    private sealed class UtcMilliseconds() : ValueConverter<DateTimeOffset, DateTimeOffset>(
        v => Instants.ToMilliseconds(v), v => v.ToUniversalTime());
}
