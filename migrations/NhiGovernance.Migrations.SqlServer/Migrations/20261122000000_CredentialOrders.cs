using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace NhiGovernance.Migrations.SqlServer.Migrations
{
    /// <inheritdoc />
    public partial class CredentialOrders : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "ix_credentials_last_used_at_id",
                table: "credentials",
                columns: new[] { "last_used_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_credentials_material_changed_at_id",
                table: "credentials",
                columns: new[] { "material_changed_at", "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_credentials_last_used_at_id",
                table: "credentials");

            migrationBuilder.DropIndex(
                name: "ix_credentials_material_changed_at_id",
                table: "credentials");
        }
    }
}
