using System.Linq.Expressions;

namespace NhiGovernance.Catalogue;

#pragma warning disable CA1304, CA1311 // Translated to the database's own lower(); the forms with a culture are not.

/// <summary>What text search reads of each thing, lower-case.</summary>
internal static class CatalogueSearch
{
    public static readonly Expression<Func<Team, string>> Team =
        t => t.Key + " " + t.Name.ToLower() + " " + (t.Contact ?? string.Empty).ToLower();

    public static readonly Expression<Func<Service, string>> Service = s => s.Key + " " + s.Name.ToLower();

    public static readonly Expression<Func<Product, string>> Product = p => p.Key + " " + p.Name.ToLower();

    public static readonly Expression<Func<ReleaseEnvironment, string>> Environment = e => e.Key + " " + e.Name.ToLower();

    public static readonly Expression<Func<Person, string>> Person = p => p.Name.ToLower() + " " + (p.Email ?? string.Empty);
}
