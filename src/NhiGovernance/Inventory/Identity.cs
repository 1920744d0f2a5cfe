using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NhiGovernance.Data;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory;

/// <summary>
/// A principal that is no person. Written by reconcile in bulk, never by pages. Unchanged rows are not touched by a run: while
/// <see cref="Presence.Present"/>, "last seen" is its scope's last complete read (or <see cref="ChangedAt"/> when later).
/// </summary>
public sealed class Identity : IObserved, IPlaced
{
    public const int SortNameLength = 100;

    public const int SearchTextLength = 600;

    public required Guid Id { get; init; }

    public required Guid SourceId { get; init; }

    public required Guid ScopeId { get; set; }

    public required Guid PlaceId { get; set; }

    public required string NaturalKey { get; init; }

    public required IdentityKind Kind { get; set; }

    /// <summary>The connector's key: "github".</summary>
    public required string Provider { get; init; }

    public required string Name { get; set; }

    /// <summary>Lower-case name, cut short: what lists sort by, so that "Zeta" comes after "alpha" on every database.</summary>
    public required string SortName { get; set; }

    /// <summary>Lower-case name, place path, login and provider: what text search reads.</summary>
    public required string SearchText { get; set; }

    public string? Url { get; set; }

    public Presence Presence { get; set; }

    public bool Disabled { get; set; }

    /// <summary>True when a grant can alter a release.</summary>
    public bool AltersRelease { get; set; }

    public bool Privileged { get; set; }

    /// <summary>Assigned by a person; wins over the place's team.</summary>
    public Guid? AssignedTeamId { get; set; }

    /// <summary>Which command assigned it, or took the assignment away: an undo of an older one would overwrite it.</summary>
    public Guid? AssignmentId { get; set; }

    /// <summary>The team that answers: assigned, or else the place's. Kept in step by reconcile and by mapping.</summary>
    public Guid? TeamId { get; set; }

    public DateTimeOffset? CreatedAt { get; set; }

    public required Knowledge LastUsedState { get; set; }

    public DateTimeOffset? LastUsedAt { get; set; }

    public required Knowledge ExpiresState { get; set; }

    /// <summary>The earliest expiry of the identity itself or of any present credential.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    public int Credentials { get; set; }

    /// <summary>JSON object of known values by camelCase name; createdAt, lastUsedAt and expiresAt among them.</summary>
    public required string Facts { get; set; }

    /// <summary>JSON array of the grants as observed.</summary>
    public required string Grants { get; set; }

    /// <summary>JSON array of join keys.</summary>
    public required string JoinKeys { get; set; }

    public required byte[] ContentHash { get; set; }

    public required DateTimeOffset FirstSeenAt { get; init; }

    /// <summary>The run that saw it first.</summary>
    public required Guid FirstRunId { get; init; }

    public required DateTimeOffset ChangedAt { get; set; }

    public required Guid ChangedRunId { get; set; }

    public DateTimeOffset? MissingSince { get; set; }

    /// <summary>Complete runs in a row that did not list it.</summary>
    public int MissedRuns { get; set; }

    public DateTimeOffset? RetiredAt { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<Identity>
    {
        public void Configure(EntityTypeBuilder<Identity> builder)
        {
            builder.ToTable("Identities");
            builder.Property(i => i.Id).ValueGeneratedNever();
            builder.Property(i => i.NaturalKey).HasMaxLength(400);
            builder.Property(i => i.Provider).HasMaxLength(40);
            builder.Property(i => i.Name).HasMaxLength(300);
            builder.Property(i => i.SortName).HasMaxLength(SortNameLength);
            builder.Property(i => i.SearchText).HasMaxLength(SearchTextLength);
            builder.Property(i => i.Url).HasMaxLength(1000);
            builder.Property(i => i.Facts).IsJson();
            builder.Property(i => i.Grants).IsJson();
            builder.Property(i => i.JoinKeys).IsJson();
            builder.Property(i => i.ContentHash).HasMaxLength(32);
            builder.HasIndex(i => new { i.SourceId, i.NaturalKey }).IsUnique();
            builder.HasIndex(i => i.ScopeId);

            // Products, services and environments are places: those that match are counted here without reading a row.
            builder.HasIndex(i => new { i.PlaceId, i.Presence, i.Kind });

            // These two carry what a list filters and counts by, the text included: a filter or a word that leaves most rows out
            // is tested on the index. The search text's length is held so that an entry fits a page (2,704 bytes).
            builder.HasIndex(i => new { i.SortName, i.Id }).HasAnnotation(Conventions.IncludedColumns, new[]
            {
                nameof(Presence), nameof(Kind), nameof(TeamId), nameof(SourceId), nameof(PlaceId), nameof(AltersRelease), nameof(Privileged), nameof(Disabled),
                nameof(LastUsedState), nameof(LastUsedAt), nameof(ExpiresState), nameof(ExpiresAt), nameof(SearchText),
            });
            builder.HasIndex(i => new { i.TeamId, i.SortName, i.Id }).HasAnnotation(Conventions.IncludedColumns, new[]
            {
                nameof(Presence), nameof(Kind), nameof(AltersRelease), nameof(Privileged), nameof(Disabled), nameof(LastUsedState), nameof(ExpiresState), nameof(SearchText),
            });

            // Carries enough that a page of one kind needs no row; else the index by name alone looks cheaper, and is read past all
            // other kinds where names of one kind stand together.
            builder.HasIndex(i => new { i.Kind, i.SortName, i.Id }).HasAnnotation(Conventions.IncludedColumns, new[]
            {
                nameof(Presence), nameof(TeamId), nameof(AltersRelease), nameof(Privileged), nameof(Disabled), nameof(LastUsedState), nameof(ExpiresState),
            });
            builder.HasIndex(i => new { i.LastUsedAt, i.Id });
            builder.HasIndex(i => new { i.ExpiresAt, i.Id });
            builder.HasIndex(i => new { i.FirstSeenAt, i.Id });

            // The facets and the overview group by exactly these: they read this index and no row. The source is a key and not
            // carried, because only an index without carried columns keeps equal entries once (8 MB instead of 160 at a million).
            builder.HasIndex(i => new
            {
                i.Presence, i.Kind, i.TeamId, i.AltersRelease, i.Privileged, i.Disabled, i.LastUsedState, i.ExpiresState, i.SourceId,
            }).HasDatabaseName("ix_identities_facets");
        }
    }
}
