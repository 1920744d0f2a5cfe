using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using NhiGovernance.Data;

namespace NhiGovernance.Migrations.PostgreSql.Migrations;

/// <summary>What a model cannot say: the append-only guard, the text index, and a run's sightings without write-ahead log.</summary>
[DbContext(typeof(GovernanceDb))]
[Migration("20261121000001_Guards")]
public sealed class Guards : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql("""
            CREATE EXTENSION IF NOT EXISTS pg_trgm;
            CREATE INDEX ix_identities_search_text_trgm ON identities USING gin (search_text gin_trgm_ops);

            CREATE INDEX ix_resources_search_text_trgm ON resources USING gin (search_text gin_trgm_ops);

            CREATE INDEX ix_credentials_name_trgm ON credentials USING gin (lower(name) gin_trgm_ops);

            CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
            END $$;
            CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
                FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

            ALTER TABLE run_sightings SET UNLOGGED;
            """);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql("""
            DROP TRIGGER audit_entries_append_only ON audit_entries;
            DROP FUNCTION refuse_change();
            DROP INDEX ix_identities_search_text_trgm;
            DROP INDEX ix_resources_search_text_trgm;
            DROP INDEX ix_credentials_name_trgm;
            ALTER TABLE run_sightings SET LOGGED;
            """);
    }
}
