using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using NhiGovernance.Data;

namespace NhiGovernance.Migrations.SqlServer;

/// <summary>For <c>dotnet ef</c>: makes the model without a server.</summary>
internal sealed class DesignTimeFactory : IDesignTimeDbContextFactory<GovernanceDb>
{
    public GovernanceDb CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<GovernanceDb>();
        options.UseSqlServerDatabase("Server=localhost;Database=design_time");
        return new GovernanceDb(options.Options);
    }
}
