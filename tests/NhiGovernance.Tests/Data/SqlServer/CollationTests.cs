using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using NhiGovernance.Data;
using NhiGovernance.Migrations.PostgreSql;
using NhiGovernance.Migrations.SqlServer;

namespace NhiGovernance.Tests.Data.SqlServer;

/// <summary>C# and PostgreSQL compare text by code points; so must SQL Server, or two keys would be one there.</summary>
public sealed class CollationTests
{
    [Fact]
    public void Columns_OfText_CompareByCodePointsOnSqlServer()
    {
        var options = new DbContextOptionsBuilder<GovernanceDb>();
        options.UseSqlServerDatabase("Server=nowhere;Database=none");
        using var db = new GovernanceDb(options.Options);
        var text = Text(db);

        text.Count.ShouldBeGreaterThan(60);
        text.Where(p => p.GetCollation() != Collations.SqlServer).Select(p => $"{p.DeclaringType.ClrType.Name}.{p.Name}").ShouldBeEmpty();

        // Every key and every unique index, those of JSON never being any.
        Model(db).GetEntityTypes().SelectMany(e => e.GetKeys().SelectMany(k => k.Properties).Concat(e.GetIndexes().Where(i => i.IsUnique).SelectMany(i => i.Properties)))
            .Where(p => IsText(p) && !text.Contains(p)).ShouldBeEmpty();
        db.GetService<IMigrator>().GenerateScript().ShouldContain($"[natural_key] nvarchar(400) COLLATE {Collations.SqlServer}");
    }

    [Fact]
    public void Columns_OfText_NeedNoCollationOnPostgreSql()
    {
        var options = new DbContextOptionsBuilder<GovernanceDb>();
        options.UsePostgreSql("Host=nowhere;Database=none");
        using var db = new GovernanceDb(options.Options);
        Text(db).Where(p => p.GetCollation() is not null).ShouldBeEmpty();
    }

    private static List<IProperty> Text(GovernanceDb db) =>
        [.. Model(db).GetEntityTypes().SelectMany(e => e.GetProperties()).Where(p => IsText(p) && p.GetColumnType() is not ("jsonb" or "nvarchar(max)" or "text"))];

    private static IModel Model(GovernanceDb db) => db.GetService<IDesignTimeModel>().Model;

    private static bool IsText(IProperty property) => (property.GetTypeMapping().Converter?.ProviderClrType ?? property.ClrType) == typeof(string);
}
