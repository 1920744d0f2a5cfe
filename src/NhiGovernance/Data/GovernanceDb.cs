using Microsoft.EntityFrameworkCore;

namespace NhiGovernance.Data;

/// <summary>
/// The one context, shared by all slices. Each slice brings its entities and their configuration; this class knows none
/// of them. Open one per use case from <see cref="IDbContextFactory{TContext}"/>; never keep one in a component.
/// </summary>
public sealed class GovernanceDb(DbContextOptions<GovernanceDb> options) : DbContext(options)
{
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        Conventions.Configure(configurationBuilder);

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(GovernanceDb).Assembly);
        Conventions.Finish(modelBuilder, Database.ProviderName);
    }

    public override int SaveChanges(bool acceptAllChangesOnSuccess)
    {
        BumpVersions();
        return base.SaveChanges(acceptAllChangesOnSuccess);
    }

    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        BumpVersions();
        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    private void BumpVersions()
    {
        foreach (var entry in ChangeTracker.Entries<IVersioned>())
        {
            if (entry.State is EntityState.Added or EntityState.Modified)
            {
                entry.Entity.Version++;
            }
        }
    }
}
