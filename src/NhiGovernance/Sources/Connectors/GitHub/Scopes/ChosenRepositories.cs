using System.Globalization;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary>Which repositories an organization's secret, variable or runner group was given to, where they were chosen one by one.</summary>
internal static class ChosenRepositories
{
    private static readonly PageShape<RepositoriesDocument, RepositoryDocument> Shape = new(
        GitHubJson.Default.RepositoriesDocument, static p => p.Repositories, static p => p.TotalCount,
        static r => r.Id.ToString(CultureInfo.InvariantCulture));

    private static readonly PageShape<RepositoryDocument[], RepositoryDocument> Plain = new(
        GitHubJson.Default.RepositoryDocumentArray, static p => p, static _ => null, static r => r.Id.ToString(CultureInfo.InvariantCulture));

    /// <summary>Null when none are chosen, because all or all private ones have it.</summary>
    /// <param name="path">With <c>{0}</c> for the name.</param>
    public static async Task<IReadOnlyCollection<string>?> OfAsync(
        ScopeReading reading, string path, string? name, string? visibility, OwnerPlace owner, string title, CancellationToken cancellationToken) =>
        visibility == "selected" && !string.IsNullOrEmpty(name)
            ? await ReadAsync(reading.ListAsync(path.Replace("{0}", Uri.EscapeDataString(name), StringComparison.Ordinal), Shape, cancellationToken), owner, title, cancellationToken)
            : null;

    /// <summary>The list of a fine-grained token: a bare array.</summary>
    public static async Task<IReadOnlyCollection<string>?> OfTokenAsync(
        ScopeReading reading, string path, string? selection, OwnerPlace owner, string title, CancellationToken cancellationToken) =>
        selection == "subset" ? await ReadAsync(reading.ListAsync(path, Plain, cancellationToken), owner, title, cancellationToken) : null;

    /// <summary>The list of an app installation as its enterprise sees it: a bare array.</summary>
    public static async Task<IReadOnlyCollection<string>?> OfInstallationAsync(
        ScopeReading reading, string path, string? selection, OwnerPlace owner, string title, CancellationToken cancellationToken) =>
        selection == "selected" ? await ReadAsync(reading.ListAsync(path, Plain, cancellationToken), owner, title, cancellationToken) : null;

    public static KnownValue Known(IReadOnlyCollection<string>? chosen, string? visibility) =>
        chosen is not null ? Text.Set(chosen) : visibility is null ? KnownValue.NotExposed : KnownValue.Of(visibility);

    private static async Task<IReadOnlyCollection<string>> ReadAsync(
        IAsyncEnumerable<IReadOnlyList<RepositoryDocument>> pages, OwnerPlace owner, string title, CancellationToken cancellationToken)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        await foreach (var page in Part.OfListAsync(pages, title, cancellationToken))
        {
            names.UnionWith(page.Select(r => Text.Clean(r.FullName ?? $"{owner.Login}/{r.Name}", 200)));
        }

        return names;
    }
}
