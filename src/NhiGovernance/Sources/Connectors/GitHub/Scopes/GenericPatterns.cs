using System.Globalization;
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

        var generic = reading.ListAsync($"{path}&secret_type={Types}", GitHubJson.Default.SecretAlertDocumentArray, key, cancellationToken);
        await foreach (var page in Part.OfListAsync(generic, title, cancellationToken))
        {
            yield return [.. page.Where(a => !listed.Contains(key(a)))];
        }
    }
}
