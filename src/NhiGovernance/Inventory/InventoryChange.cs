using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NhiGovernance.Data;

namespace NhiGovernance.Inventory;

public enum ChangeKind
{
    /// <summary>A field changed.</summary>
    Field,

    /// <summary>A credential was added to a known identity.</summary>
    CredentialAdded,

    /// <summary>The key-id set of a credential changed: a rotation, seen by us.</summary>
    Material,
    GrantAdded,
    GrantRemoved,
    WentMissing,
    CameBack,
    Retired,

    /// <summary>Another team answers: a person assigned it, or its place has it.</summary>
    TeamAssigned,

    /// <summary>Its list is no longer in the source's settings.</summary>
    Uncovered,
}

/// <summary>
/// One change that a run saw, or a person or the mapping of places made, for the time-line. Append-only. First sightings are not written
/// here: they are <see cref="Identity.FirstSeenAt"/>. Values are cut short: they tell what changed, and restore nothing.
/// </summary>
public sealed class InventoryChange : IEntity
{
    /// <summary>Subject of a <see cref="ChangeKind.TeamAssigned"/> that no person decided: the identity follows the place that it is in.</summary>
    public const string TeamByPlace = "team by its place's mapping";

    public required Guid Id { get; init; }

    /// <summary>identity, credential or resource.</summary>
    public required string SubjectKind { get; init; }

    public required Guid SubjectId { get; init; }

    /// <summary>The identity whose time-line shows it; equals <see cref="SubjectId"/> for identities.</summary>
    public Guid? IdentityId { get; init; }

    public required ChangeKind Kind { get; init; }

    /// <summary>The field, permission or credential concerned; <see cref="TeamByPlace"/>.</summary>
    public required string Subject { get; init; }

    public string? Before { get; init; }

    public string? After { get; init; }

    public Guid? RunId { get; init; }

    public required DateTimeOffset At { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<InventoryChange>
    {
        public void Configure(EntityTypeBuilder<InventoryChange> builder)
        {
            builder.ToTable("InventoryChanges");
            builder.Property(c => c.Id).ValueGeneratedNever();
            builder.Property(c => c.SubjectKind).HasMaxLength(20);
            builder.Property(c => c.Subject).HasMaxLength(400);
            builder.Property(c => c.Before).HasMaxLength(2000);
            builder.Property(c => c.After).HasMaxLength(2000);
            builder.HasIndex(c => new { c.IdentityId, c.At });
            builder.HasIndex(c => new { c.SubjectId, c.At });
            builder.HasIndex(c => c.At);
        }
    }
}
