using System.Text.Json.Serialization;
using NhiGovernance.Sources.Connectors.Git.Signatures;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.Git.Automation;

/// <summary>What is known of one signing key. Serialised to remember signers that left the budget of newest commits.</summary>
internal sealed class SignerSum
{
    private const int MostEmails = 20;

    public required string Key { get; init; }

    public required string Name { get; init; }

    public required SignatureFormat Format { get; init; }

    public string? PgpKeyId { get; init; }

    public string? Platform { get; init; }

    public DateTimeOffset? NotBefore { get; set; }

    public DateTimeOffset? NotAfter { get; set; }

    public Dictionary<string, string> Details { get; set; } = [];

    public DateTimeOffset? First { get; set; }

    public DateTimeOffset? Last { get; set; }

    public long Commits { get; set; }

    public long Tags { get; set; }

    /// <summary>It signed commits, in this run's budget or before it: what it may do does not end where the budget does.</summary>
    public bool SignsCommits { get; set; }

    public bool SignsTags { get; set; }

    public SortedSet<string> Emails { get; init; } = new(StringComparer.OrdinalIgnoreCase);

    public bool MoreEmails { get; set; }

    /// <summary>True when it comes from an earlier run and is older than this run's budget.</summary>
    [JsonIgnore]
    public bool Remembered { get; set; }

    public static SignerSum Of(SignerKey key, string? platform) => new()
    {
        Key = key.Key,
        Name = key.Name,
        Format = key.Format,
        PgpKeyId = key.PgpKeyId,
        Platform = platform,
    };

    public void Use(SignerKey key, DateTimeOffset? at, string? email, bool tag)
    {
        if (Last is null || at >= Last)
        {
            Details = new Dictionary<string, string>(key.Details);
            (NotBefore, NotAfter) = (key.NotBefore, key.NotAfter);
        }

        Span(at, at);
        Commits += tag ? 0 : 1;
        Tags += tag ? 1 : 0;
        SignsCommits |= !tag;
        SignsTags |= tag;
        AddEmail(email);
    }

    /// <summary>Adds what an earlier run saw. The counts stay this run's: the same commits would count twice.</summary>
    public void Remember(SignerSum earlier)
    {
        Span(earlier.First, earlier.Last);
        SignsCommits |= earlier.SignsCommits;
        SignsTags |= earlier.SignsTags;
        MoreEmails |= earlier.MoreEmails;
        foreach (var email in earlier.Emails)
        {
            AddEmail(email);
        }
    }

    public void Take(SignerSum other)
    {
        Span(other.First, other.Last);
        Commits += other.Commits;
        Tags += other.Tags;
        SignsCommits |= other.SignsCommits;
        SignsTags |= other.SignsTags;
        foreach (var email in other.Emails)
        {
            AddEmail(email);
        }
    }

    private void Span(DateTimeOffset? first, DateTimeOffset? last)
    {
        First = first is null || First < first ? First : first;
        Last = last is null || Last > last ? Last : last;
    }

    private void AddEmail(string? email)
    {
        if (string.IsNullOrEmpty(email) || Emails.Contains(email))
        {
            return;
        }

        MoreEmails |= Emails.Count >= MostEmails;
        if (!MoreEmails)
        {
            Emails.Add(email.ToLowerInvariant());
        }
    }
}

/// <summary>What is known of one program that commits.</summary>
internal sealed class AutomatonSum
{
    public required string Key { get; init; }

    public required string Name { get; init; }

    public required IdentityKind Kind { get; set; }

    public DateTimeOffset? First { get; set; }

    public DateTimeOffset? Last { get; set; }

    public long Authored { get; set; }

    /// <summary>Commits where it stands as committer or in a trailer, with a person as author.</summary>
    public long Helped { get; set; }

    public long Signed { get; set; }

    /// <summary>It stood as author, in this run's budget or before it.</summary>
    public bool Authors { get; set; }

    [JsonIgnore]
    public bool Remembered { get; set; }

    public void Count(DateTimeOffset? at, bool author, bool signed)
    {
        First = at is null || First < at ? First : at;
        Last = at is null || Last > at ? Last : at;
        Authored += author ? 1 : 0;
        Authors |= author;
        Helped += author ? 0 : 1;
        Signed += signed ? 1 : 0;
    }

    /// <summary>Once seen to write along with a person it is a coding agent, whatever it does beside.</summary>
    public void Is(IdentityKind kind) => Kind = kind == IdentityKind.CodingAgent ? kind : Kind;

    /// <summary>Adds what an earlier run saw; the counts stay this run's.</summary>
    public void Remember(AutomatonSum earlier)
    {
        Is(earlier.Kind);
        First = earlier.First is null || First < earlier.First ? First : earlier.First;
        Last = earlier.Last is null || Last > earlier.Last ? Last : earlier.Last;
        Authors |= earlier.Authors;
    }
}
