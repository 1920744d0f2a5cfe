using NhiGovernance.Sources.Connectors.GitHub.Http;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub;

/// <summary>What a 404 on the first page says, when the place itself is there.</summary>
internal enum NotFoundMeans
{
    /// <summary>GitHub hides what one may not see: classic tokens and people without the role get 404 instead of 403.</summary>
    Denied,

    /// <summary>The plan, or a setting, does not have this list.</summary>
    NotAvailable,
}

/// <summary>One kind of object that GitHub lists, in one file: where, with which permission, and a pure mapper.</summary>
internal abstract class GitHubScope
{
    /// <summary>"deploy-keys". Stored; never changes.</summary>
    public abstract string Kind { get; }

    /// <summary>"deploy keys", for progress.</summary>
    public abstract string Title { get; }

    /// <summary>In GitHub's words, for apps and fine-grained tokens.</summary>
    public abstract string Permission { get; }

    public virtual NotFoundMeans NotFound => NotFoundMeans.Denied;

    /// <summary>The toggle that switches it off; null when it is always read.</summary>
    public virtual string? Toggle => null;

    /// <summary>Why this sign-in cannot read it, although no permission is missing; null when it can.</summary>
    public virtual string? NotAvailable(IGitHubSignIn signIn) => null;

    /// <summary>Why these settings leave it out; null when they do not.</summary>
    public string? LeftOut(GitHubSettings settings) =>
        Toggle is { } key && !settings.IsOn(key) ? "Switched off in this source's settings." : null;

    /// <summary>False when entity tags must not save the reading: what it emits is needed by other scopes, or is a list of places.</summary>
    public virtual bool MayBeUnchanged => true;

    /// <summary>True when it is read as the enterprise's installation of the App, where there is one.</summary>
    public virtual bool AsEnterprise => false;

    /// <summary>True when it shows uses that another list tells, so that its own entity tags do not prove that it is as it was.</summary>
    public virtual bool ShowsUses => false;
}

/// <summary>Listed once for an organization.</summary>
internal abstract class OrganizationScope : GitHubScope
{
    /// <summary>The scope's place, by which it is known: the organization, or a stretch of time of it where the list forgets what is old.</summary>
    public virtual string PlaceOf(OwnerPlace owner) => owner.Login;

    public abstract IAsyncEnumerable<IReadOnlyList<Observation>> ReadAsync(
        ScopeReading reading, OwnerPlace owner, CancellationToken cancellationToken);
}

/// <summary>Listed for each repository; a child of the owner's list of repositories.</summary>
internal abstract class RepositoryScope : GitHubScope
{
    /// <summary>False for repositories that never have this list.</summary>
    public virtual bool Concerns(RepositoryPlace repository) => true;

    public abstract IAsyncEnumerable<IReadOnlyList<Observation>> ReadAsync(
        ScopeReading reading, RepositoryPlace repository, CancellationToken cancellationToken);

    /// <summary>The default branch, escaped.</summary>
    protected static string Branch(RepositoryPlace repository) =>
        repository.DefaultBranch is { Length: > 0 } branch
            ? Uri.EscapeDataString(branch)
            : throw GitHubRefusal.Broken("GitHub did not say which branch is the default one.");
}
