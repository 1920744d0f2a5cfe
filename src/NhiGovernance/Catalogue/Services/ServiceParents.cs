using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;

namespace NhiGovernance.Catalogue.Services;

/// <summary>Finds a service's team and product by key, and says which of them is not there.</summary>
internal static class ServiceParents
{
    public static async Task<(Guid? Team, Guid? Product)> FindAsync(
        GovernanceDb db, CatalogueFields fields, string? team, string? product, CancellationToken cancellationToken)
    {
        Guid? teamId = null, productId = null;
        if (!string.IsNullOrWhiteSpace(team))
        {
            teamId = await db.Set<Team>().Where(t => t.Key == team).Select(t => (Guid?)t.Id).FirstOrDefaultAsync(cancellationToken);
            if (teamId is null)
            {
                fields.Add("team", "There is no team with this key.");
            }
        }

        if (!string.IsNullOrWhiteSpace(product))
        {
            productId = await db.Set<Product>().Where(p => p.Key == product).Select(p => (Guid?)p.Id).FirstOrDefaultAsync(cancellationToken);
            if (productId is null)
            {
                fields.Add("product", "There is no product with this key.");
            }
        }

        return (teamId, productId);
    }
}
