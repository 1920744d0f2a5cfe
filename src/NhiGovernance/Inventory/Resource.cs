using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NhiGovernance.Data;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Inventory.Resources;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory;

/// <summary>A thing that rules look at and that is no principal: a repository, a branch's protection, an alert.</summary>
public sealed class Resource : IObserved, IPlaced
{
    public required Guid Id { get; init; }

    public required Guid SourceId { get; init; }

    public required Guid ScopeId { get; set; }

    public required Guid PlaceId { get; set; }

    public required string NaturalKey { get; init; }

    public required ResourceKind Kind { get; set; }

    public required string Name { get; set; }

    /// <summary>Lower-case name, cut short: what lists sort by.</summary>
    public required string SortName { get; set; }

    /// <summary>Lower-case name, place path, provider and, of a workflow, the names of the secrets that it reads: what text search reads.</summary>
    public required string SearchText { get; set; }

    public string? Url { get; set; }

    public Presence Presence { get; set; }

    public required string Facts { get; set; }

    /// <summary><see cref="ReleaseRisk"/> as bits, so that a list can be filtered by them.</summary>
    public int Risks { get; set; }

    public required byte[] ContentHash { get; set; }

    public required DateTimeOffset FirstSeenAt { get; init; }

    /// <summary>The run that saw it first.</summary>
    public required Guid FirstRunId { get; init; }

    public required DateTimeOffset ChangedAt { get; set; }

    public required Guid ChangedRunId { get; set; }

    public DateTimeOffset? MissingSince { get; set; }

    public int MissedRuns { get; set; }

    public DateTimeOffset? RetiredAt { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<Resource>
    {
        public void Configure(EntityTypeBuilder<Resource> builder)
        {
            builder.ToTable("Resources");
            builder.Property(r => r.Id).ValueGeneratedNever();
            builder.Property(r => r.NaturalKey).HasMaxLength(400);
            builder.Property(r => r.Name).HasMaxLength(300);
            builder.Property(r => r.SortName).HasMaxLength(Identity.SortNameLength);
            builder.Property(r => r.SearchText).HasMaxLength(Identity.SearchTextLength);
            builder.Property(r => r.Url).HasMaxLength(1000);
            builder.Property(r => r.Facts).IsJson();
            builder.Property(r => r.ContentHash).HasMaxLength(32);
            builder.HasIndex(r => new { r.SourceId, r.NaturalKey }).IsUnique();
            builder.HasIndex(r => r.ScopeId);

            // Teams, products, services and environments are reached by the place.
            builder.HasIndex(r => new { r.PlaceId, r.Presence, r.Kind, r.Risks });

            // As with identities: a filter that leaves most rows out is tested on the index, and no row is read for it.
            builder.HasIndex(r => new { r.SortName, r.Id }).HasAnnotation(Conventions.IncludedColumns, new[]
            {
                nameof(Presence), nameof(Kind), nameof(SourceId), nameof(PlaceId), nameof(Risks), nameof(ChangedAt), nameof(SearchText),
            });
            // It carries what other filters ask for: else the index of all names looks cheaper to the planner, and walks past the other kinds.
            builder.HasIndex(r => new { r.Kind, r.SortName, r.Id }).HasAnnotation(Conventions.IncludedColumns, new[]
            {
                nameof(Presence), nameof(SourceId), nameof(PlaceId), nameof(Risks),
            });
            builder.HasIndex(r => new { r.ChangedAt, r.Id });

            // Few are risky: those alone, in the order of the list, so that a filter by risk passes no others.
            builder.HasIndex(r => new { r.SortName, r.Id }, "ix_resources_risky").HasFilter("risks <> 0").HasAnnotation(Conventions.IncludedColumns, new[]
            {
                nameof(Presence), nameof(Kind), nameof(SourceId), nameof(PlaceId), nameof(Risks), nameof(ChangedAt),
            });

            // What the facets group by.
            builder.HasIndex(r => new { r.Presence, r.Kind, r.SourceId, r.Risks, r.PlaceId }).HasDatabaseName("ix_resources_facets");
        }
    }
}
