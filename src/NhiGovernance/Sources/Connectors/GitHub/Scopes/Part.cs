using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Connectors.GitHub.Http;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary>A list inside a list.</summary>
internal static class Part
{
    /// <summary>
    /// A 404 here is no statement about the whole: what the outer list named a moment ago is gone or hidden, so the scope
    /// fails and nothing is concluded.
    /// </summary>
    public static async IAsyncEnumerable<T> OfListAsync<T>(
        IAsyncEnumerable<T> list, string title, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var pages = list.GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await pages.MoveNextAsync())
                {
                    yield break;
                }
            }
            catch (GitHubRefusal refusal) when (refusal.Kind is RefusalKind.NotFound or RefusalKind.FeatureOff)
            {
                throw GitHubRefusal.Broken($"A part of the {title} was gone, or could not be seen, when it was read; nothing is concluded.", refusal.Status);
            }

            yield return pages.Current;
        }
    }
}
