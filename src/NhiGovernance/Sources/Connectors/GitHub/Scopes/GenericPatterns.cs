using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Connectors.GitHub.Http;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary>
/// Alerts of generic patterns (private keys, connection strings, headers, passwords), which GitHub lists only to those who name
/// their types: a list without <c>secret_type</c> holds those of its default patterns and of custom ones.
/// </summary>
/// <remarks>https://docs.github.com/code-security/secret-scanning/introduction/supported-secret-scanning-patterns#non-provider-patterns</remarks>
internal static class GenericPatterns
{
    /// <summary>"password" is what GitHub finds by a language model; the others are its non-provider patterns.</summary>
    internal const string Types =
        "ec_private_key,generic_private_key,http_basic_authentication_header,http_bearer_authentication_header,mongodb_connection_string,"
        + "mysql_connection_string,openssh_private_key,password,pgp_private_key,postgres_connection_string,rsa_private_key";

    /// <summary>An alert without a number would stand for all others without one, and those that have it would seem gone.</summary>
    public static string Number(SecretAlertDocument alert) =>
        alert.Number > 0 ? alert.Number.ToString(CultureInfo.InvariantCulture) : throw GitHubRefusal.NotAsDescribed();

    /// <summary>Both lists, read one after the other. What stands in both, as on servers whose default is everything, comes once.</summary>
    /// <param name="path">The list's, with a query.</param>
    /// <param name="key">What tells one alert of the list from another.</param>
    /// <exception cref="GitHubRefusal">One of the two was not read to its end.</exception>
    public static async IAsyncEnumerable<IReadOnlyList<SecretAlertDocument>> WithAsync(
        ScopeReading reading, string path, Func<SecretAlertDocument, string> key, string title, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var listed = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var page in reading.ListAsync(path, GitHubJson.Default.SecretAlertDocumentArray, key, cancellationToken))
        {
            listed.UnionWith(page.Select(key));
            yield return page;
        }

        await foreach (var page in GenericAsync(reading, path, key, title, cancellationToken))
        {
            yield return [.. page.Where(a => !listed.Contains(key(a)))];
        }
    }

    /// <summary>
    /// A server that does not know one of the types (an Enterprise Server older than it) refuses the whole list with 422. Then each is asked
    /// for by itself, and one that is not known there has found nothing; where all are refused, it is not that.
    /// </summary>
    private static async IAsyncEnumerable<IReadOnlyList<SecretAlertDocument>> GenericAsync(
        ScopeReading reading, string path, Func<SecretAlertDocument, string> key, string title, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var refused = new List<GitHubRefusal>();
        await foreach (var page in OfTypesAsync(reading, path, Types, key, title, refused.Add, cancellationToken))
        {
            yield return page;
        }

        var types = refused.Count == 0 ? [] : Types.Split(',');
        foreach (var type in types)
        {
            await foreach (var page in OfTypesAsync(reading, path, type, key, title, refused.Add, cancellationToken))
            {
                yield return page;
            }
        }

        if (refused.Count == types.Length + 1)
        {
            throw refused[0];
        }
    }

    private static async IAsyncEnumerable<IReadOnlyList<SecretAlertDocument>> OfTypesAsync(
        ScopeReading reading, string path, string types, Func<SecretAlertDocument, string> key, string title, Action<GitHubRefusal> onUnknown,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var list = reading.ListAsync($"{path}&secret_type={types}", GitHubJson.Default.SecretAlertDocumentArray, key, cancellationToken);
        await using var pages = Part.OfListAsync(list, title, cancellationToken).GetAsyncEnumerator(cancellationToken);
        for (var read = 0; ; read++)
        {
            try
            {
                if (!await pages.MoveNextAsync())
                {
                    yield break;
                }
            }
            catch (GitHubRefusal refusal) when (read == 0 && refusal.Status == HttpStatusCode.UnprocessableEntity)
            {
                onUnknown(refusal);
                yield break;
            }

            yield return pages.Current;
        }
    }
}
