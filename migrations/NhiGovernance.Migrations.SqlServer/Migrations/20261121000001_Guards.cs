using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using NhiGovernance.Data;

namespace NhiGovernance.Migrations.SqlServer.Migrations;

/// <summary>What a model cannot say: the append-only guard of the audit log, and signals as rows.</summary>
[DbContext(typeof(GovernanceDb))]
[Migration("20261121000001_Guards")]
public sealed class Guards : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql("""
            CREATE TABLE change_signals (
                id bigint IDENTITY(1, 1) NOT NULL CONSTRAINT pk_change_signals PRIMARY KEY,
                topic nvarchar(60) NOT NULL,
                subject_id uniqueidentifier NOT NULL,
                at datetime2(3) NOT NULL CONSTRAINT df_change_signals_at DEFAULT SYSUTCDATETIME());
            CREATE INDEX ix_change_signals_at ON change_signals (at);
            """);
        migrationBuilder.Sql("""
            CREATE TRIGGER audit_entries_append_only ON audit_entries INSTEAD OF UPDATE, DELETE AS
            BEGIN
                THROW 50001, 'audit_entries is append-only', 1;
            END
            """);

        // No trigger fires on TRUNCATE TABLE. SQL Server refuses it for a table that another one refers to, be that as empty as this.
        migrationBuilder.Sql("""
            CREATE TABLE audit_entries_truncate_guard (
                sequence bigint NOT NULL CONSTRAINT pk_audit_entries_truncate_guard PRIMARY KEY,
                CONSTRAINT fk_audit_entries_truncate_guard_audit_entries FOREIGN KEY (sequence) REFERENCES audit_entries (sequence));
            """);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql("DROP TABLE audit_entries_truncate_guard");
        migrationBuilder.Sql("DROP TRIGGER audit_entries_append_only");
        migrationBuilder.Sql("DROP TABLE change_signals");
    }
}
