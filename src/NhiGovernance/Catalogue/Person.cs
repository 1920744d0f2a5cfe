using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NhiGovernance.Data;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Catalogue;

/// <summary>A human being. Entered here, or observed by sources through their <see cref="PersonHandle"/>s.</summary>
public sealed class Person : IEntity, IVersioned
{
    public required Guid Id { get; init; }

    public required string Name { get; set; }

    /// <summary>Lower-case; the key by which handles of several sources are joined. Null when no source gives it.</summary>
    public string? Email { get; set; }

    /// <summary>What counts: a person's decision, or else what the sources say; Unknown while nobody said anything.</summary>
    public PersonStatus Status { get; set; }

    /// <summary>What a person decided; no source overwrites it. Null: the sources are believed.</summary>
    public PersonStatus? Decision { get; set; }

    public DateTimeOffset? DecidedAt { get; set; }

    public DateOnly? LeaveDate { get; set; }

    public long Version { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<Person>
    {
        public void Configure(EntityTypeBuilder<Person> builder)
        {
            builder.ToTable("People");
            builder.Property(p => p.Id).ValueGeneratedNever();
            builder.Property(p => p.Name).HasMaxLength(200);
            builder.Property(p => p.Email).HasMaxLength(256);
            builder.HasIndex(p => p.Email).IsUnique();
            builder.HasIndex(p => p.Name);
        }
    }
}

/// <summary>A person as one source knows them. Written by reconcile, with the same Missing rules as identities.</summary>
public sealed class PersonHandle : IObserved
{
    public required Guid Id { get; init; }

    public required Guid SourceId { get; init; }

    public required Guid ScopeId { get; set; }

    public required string NaturalKey { get; init; }

    public Guid? PersonId { get; set; }

    public required string Login { get; set; }

    public string? DisplayName { get; set; }

    public string? Email { get; set; }

    public PersonStatus Status { get; set; }

    public DateOnly? LeaveDate { get; set; }

    public required string Facts { get; set; }

    public Presence Presence { get; set; }

    public required byte[] ContentHash { get; set; }

    public required DateTimeOffset FirstSeenAt { get; init; }

    public required DateTimeOffset ChangedAt { get; set; }

    public required Guid ChangedRunId { get; set; }

    public DateTimeOffset? MissingSince { get; set; }

    public int MissedRuns { get; set; }

    public DateTimeOffset? RetiredAt { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<PersonHandle>
    {
        public void Configure(EntityTypeBuilder<PersonHandle> builder)
        {
            builder.ToTable("PersonHandles");
            builder.Property(h => h.Id).ValueGeneratedNever();
            builder.Property(h => h.NaturalKey).HasMaxLength(400);
            builder.Property(h => h.Login).HasMaxLength(200);
            builder.Property(h => h.DisplayName).HasMaxLength(200);
            builder.Property(h => h.Email).HasMaxLength(256);
            builder.Property(h => h.Facts).IsJson();
            builder.Property(h => h.ContentHash).HasMaxLength(32);
            builder.HasIndex(h => new { h.SourceId, h.NaturalKey }).IsUnique();
            builder.HasIndex(h => h.PersonId);
            builder.HasIndex(h => h.Login);
            builder.HasIndex(h => h.ScopeId);
        }
    }
}
