using System.Globalization;
using NhiGovernance.Inventory;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Web.Inventory.Resources;
using NhiGovernance.Web.Shell.Parts;

namespace NhiGovernance.Web.Inventory;

/// <summary>Words and icons of the inventory; a thing has one of each everywhere. The words are those of docs/glossary.md.</summary>
public static class InventoryWords
{
    public static string Of(IdentityKind kind) => kind switch
    {
        IdentityKind.AppInstallation => "App installation",
        IdentityKind.ServicePrincipal => "Service principal",
        IdentityKind.ServiceAccount => "Service account",
        IdentityKind.MachineUser => "Machine user",
        IdentityKind.Bot => "Bot",
        IdentityKind.CodingAgent => "Coding agent",
        IdentityKind.Runner => "Runner",
        IdentityKind.RunnerGroup => "Runner group",
        IdentityKind.Pipeline => "Pipeline",
        IdentityKind.WorkflowJob => "Workflow job",
        IdentityKind.FederatedTrust => "Federated trust",
        IdentityKind.DeployKey => "Deploy key",
        IdentityKind.SigningKey => "Signing key",
        IdentityKind.AccessToken => "Access token",
        IdentityKind.Webhook => "Webhook",
        IdentityKind.Own => "NhiGovernance itself",
        _ => kind.ToString(),
    };

    public static string Icon(IdentityKind kind) => kind switch
    {
        IdentityKind.AppInstallation => "parts",
        IdentityKind.ServiceAccount => "server",
        IdentityKind.Bot or IdentityKind.CodingAgent => "bot",
        IdentityKind.Runner or IdentityKind.RunnerGroup => "cpu",
        IdentityKind.Pipeline or IdentityKind.WorkflowJob => "flow",
        IdentityKind.FederatedTrust => "link",
        IdentityKind.DeployKey or IdentityKind.AccessToken => "key",
        IdentityKind.SigningKey => "seal",
        IdentityKind.Webhook => "webhook",
        IdentityKind.Own => "brand",
        _ => "identity",
    };

    public static string Of(CredentialKind kind) => kind switch
    {
        CredentialKind.AccessKey => "Access key",
        CredentialKind.ApiToken => "API token",
        CredentialKind.FineGrainedToken => "Fine-grained token",
        CredentialKind.ClassicToken => "Classic token",
        CredentialKind.ClientSecret => "Client secret",
        CredentialKind.DeployKey => "Deploy key",
        CredentialKind.SshKey => "SSH key",
        CredentialKind.GpgKey => "GPG key",
        CredentialKind.SigningKey => "Signing key",
        CredentialKind.AppPrivateKey => "App private key",
        CredentialKind.WebhookSecret => "Webhook secret",
        CredentialKind.CiSecret => "CI secret, a copy",
        CredentialKind.EncryptionKey => "Encryption key",
        _ => kind.ToString(),
    };

    public static string Icon(CredentialKind kind) => kind switch
    {
        CredentialKind.Certificate or CredentialKind.SigningKey or CredentialKind.GpgKey => "seal",
        CredentialKind.WebhookSecret => "webhook",
        CredentialKind.CiSecret => "copy",
        _ => "key",
    };

    /// <summary>"GitHub" for "github": who does not expose a field.</summary>
    public static string Provider(string key) => key switch
    {
        "github" => "GitHub",
        "git" => "Git",
        "file" => "the file",
        "own" => "NhiGovernance",
        _ => key.Length == 0 ? "the source" : char.ToUpperInvariant(key[0]) + key[1..],
    };

    /// <summary>Whose end a row shows: the identity's own, or that of the credential that ends first.</summary>
    public static string Expires(IdentityDetail detail) =>
        detail.Row.Expires.Instant is { } at && detail.Facts.GetValueOrDefault("expiresAt")?.Instant != at ? "First credential expires" : "Expires";

    /// <summary>"128"; "at least 1,000" where no more are kept, and so of any part of them.</summary>
    /// <param name="part">How many of them are meant; null: all.</param>
    public static string Grants(IReadOnlyList<GrantObservation> kept, int? part = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{(kept.Count < GetIdentity.MostGrants ? null : "at least ")}{part ?? kept.Count:N0}");

    /// <summary>A fact's name; its own end is told apart from that of its credentials.</summary>
    public static string Fact(string name) => name == "expiresAt" ? "Itself expires" : KnownWords.Field(name);

    public static Mark Mark(Presence presence, bool disabled) => presence switch
    {
        Presence.Missing => Shell.Parts.Mark.Missing,
        Presence.Retired => Shell.Parts.Mark.Retired,
        Presence.NotCovered => Shell.Parts.Mark.NotCovered,
        _ => disabled ? Shell.Parts.Mark.Disabled : Shell.Parts.Mark.Present,
    };

    /// <summary>Why a thing that is not present is shown all the same.</summary>
    public static string Gone(Presence presence) => presence switch
    {
        Presence.Retired => "Retired: not seen in two complete runs and 24 hours",
        Presence.NotCovered => "Not covered: the source's settings leave its list out, so nobody looks whether it is there",
        _ => "Missing: its list was read to the end without it",
    };

    public static string Icon(TimelineKind kind) => kind switch
    {
        TimelineKind.FirstSeen => "eye",
        TimelineKind.CredentialAdded => "key",
        TimelineKind.Material => "rotate",
        TimelineKind.GrantAdded or TimelineKind.GrantRemoved => "shield",
        TimelineKind.WentMissing or TimelineKind.Uncovered => "s-unk",
        TimelineKind.CameBack => "eye",
        TimelineKind.Retired => "never",
        TimelineKind.TeamAssigned => "people",
        _ => "edit",
    };

    /// <summary>One entry of a time-line in a sentence.</summary>
    public static string Sentence(TimelineEntry entry) => entry.Kind switch
    {
        TimelineKind.FirstSeen => "First seen",
        TimelineKind.CredentialAdded => $"{entry.Subject} was added",
        TimelineKind.Material => $"{entry.Subject}: the key material changed",
        TimelineKind.GrantAdded => $"Granted {entry.Subject}",
        TimelineKind.GrantRemoved => $"Lost {entry.Subject}",
        TimelineKind.WentMissing => entry.SubjectKind == "credential" ? $"{entry.Subject} went missing" : "Went missing",
        TimelineKind.CameBack => entry.SubjectKind == "credential" ? $"{entry.Subject} came back" : "Came back",
        TimelineKind.Uncovered => entry.SubjectKind == "credential" ? $"{entry.Subject} is no longer covered" : "No longer covered: its list was taken out of the source's settings",
        TimelineKind.Retired => entry.SubjectKind == "credential" ? $"{entry.Subject} was retired" : "Retired",
        TimelineKind.TeamAssigned => (entry.After is { State: Knowledge.Value } ? $"Team is now {entry.After.Text}" : "No team any more")
            + (entry.Subject == InventoryChange.TeamByPlace ? ", by its place's mapping" : null),
        TimelineKind.Field when entry is { Subject: "place", After: { State: Knowledge.Value, Text: var place } } => $"Moved to {place}",
        _ when entry.SubjectKind == "resource" => $"{ResourceWords.Fact(entry.Subject)}: changed",
        _ => $"{KnownWords.Field(entry.Subject)} changed",
    };

    /// <summary>"from A to B", when there is more to say than the sentence does.</summary>
    public static string? Change(TimelineEntry entry) =>
        entry.Kind is not (TimelineKind.Field or TimelineKind.Material or TimelineKind.TeamAssigned) || entry.Before is null ? null
        : entry.After is null ? $"was {Line(entry.Before)}"
        : $"from {Line(entry.Before)} to {Line(entry.After)}";

    /// <summary>A list is told by how many it holds: its items stand on the page.</summary>
    private static string Line(KnownValue value) =>
        value is { State: Knowledge.Value, Text: ['[', ..] } ? $"{NhiGovernance.Inventory.Resources.FactList.Read(value).Count()} items" : KnownWords.Line(value);
}
