using System.Globalization;
using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Connectors.GitHub.Http;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Evidence;

/// <summary>
/// Who reviewed the change that a commit came with, and who approved a run's deployment. Not part of a poll: asked for the
/// commits and runs that evidence names. Needs "Pull requests: read", "Contents: read" and "Actions: read".
/// </summary>
public sealed class GitHubReviews : IChangeEvidence
{
    private readonly GitHubLimits _limits;

    public GitHubReviews()
        : this(new GitHubLimits())
    {
    }

    internal GitHubReviews(GitHubLimits limits) => _limits = limits;

    /// <inheritdoc/>
    /// <remarks><c>GET /repos/{r}/commits/{sha}/pulls</c>, then <c>/pulls/{n}/reviews</c> of those that were merged.</remarks>
    public IAsyncEnumerable<ReadEvent> ReadReviewsAsync(ConnectorContext context, string repository, string commit, CancellationToken cancellationToken) =>
        ReadAsync(context, new("reviews", $"{repository}@{commit}"), "Pull requests: read", IsCommit(commit) && IsRepository(repository),
            reading => ReviewsAsync(reading, repository, commit, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    /// <remarks><c>GET /repos/{r}/actions/runs/{run}/approvals</c>.</remarks>
    public IAsyncEnumerable<ReadEvent> ReadApprovalsAsync(ConnectorContext context, string repository, long run, CancellationToken cancellationToken) =>
        ReadAsync(context, new("approvals", $"{repository}#{run}"), "Actions: read", run > 0 && IsRepository(repository),
            reading => ApprovalsAsync(reading, repository, run, cancellationToken), cancellationToken);

    private static async IAsyncEnumerable<IReadOnlyList<Observation>> ReviewsAsync(
        ScopeReading reading, string repository, string commit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pulls = new Dictionary<long, PullRequestDocument>();
        var path = $"repos/{repository}/commits/{commit}/pulls";
        await foreach (var page in reading.ListAsync(path, GitHubJson.Default.PullRequestDocumentArray, static p => p.Number.ToString(CultureInfo.InvariantCulture), cancellationToken))
        {
            if (page.Any(p => p.Number <= 0))
            {
                throw GitHubRefusal.NotAsDescribed();
            }

            foreach (var pull in page.Where(p => p.MergedAt is not null))
            {
                pulls[pull.Number] = pull;
            }
        }

        foreach (var pull in pulls.Values)
        {
            yield return [ReviewMaps.Brought(pull, repository, commit)];
            var reviews = $"repos/{repository}/pulls/{pull.Number}/reviews";
            await foreach (var page in reading.ListAsync(reviews, GitHubJson.Default.ReviewDocumentArray, static r => r.Id.ToString(CultureInfo.InvariantCulture), cancellationToken))
            {
                yield return [.. page.Select(r => ReviewMaps.Map(r, pull, repository, commit))];
            }
        }
    }

    private static async IAsyncEnumerable<IReadOnlyList<Observation>> ApprovalsAsync(
        ScopeReading reading, string repository, long run, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // This list has no pages.
        var approvals = await reading.GetAsync($"repos/{repository}/actions/runs/{run}/approvals", GitHubJson.Default.ApprovalDocumentArray, cancellationToken);
        if (approvals.Any(a => a?.State is null || a.Environments?.Contains(null!) == true))
        {
            throw GitHubRefusal.NotAsDescribed();
        }

        yield return [.. approvals.SelectMany(a => (a.Environments ?? []).Select(e => ReviewMaps.Map(a, e, repository, run)))];
    }

    private static bool IsCommit(string commit) => commit.Length is 40 or 64 && commit.All(char.IsAsciiHexDigit);

    private static bool IsRepository(string repository) =>
        repository.Split('/') is [var owner, var name] && Fits(owner) && Fits(name);

    private static bool Fits(string part) =>
        part is not ("" or "." or "..") && part.Length <= 100 && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private async IAsyncEnumerable<ReadEvent> ReadAsync(
        ConnectorContext context, Scope scope, string permission, bool isSound, Func<ScopeReading, IAsyncEnumerable<IReadOnlyList<Observation>>> read,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new ScopeStarted(scope, null);
        if (!isSound)
        {
            yield return ScopeEnded.Failed(scope, "That is no repository, commit or run of GitHub.");
            yield break;
        }

        GitHubSession? session = null;
        ScopeEnded? end = null;
        try
        {
            session = await GitHubSession.OpenAsync(context, _limits, cancellationToken);
        }
        catch (GitHubRefusal refusal)
        {
            end = ScopeEnded.Failed(scope, refusal.Message);
        }

        if (session is not null)
        {
            using var used = session;
            await using var pages = read(new ScopeReading(session.Http, null, session.Settings.OidcIssuer)).GetAsyncEnumerator(cancellationToken);
            while (end is null)
            {
                try
                {
                    if (!await pages.MoveNextAsync())
                    {
                        end = ScopeEnded.Complete(scope);
                        break;
                    }
                }
                catch (GitHubRefusal refusal)
                {
                    end = refusal.Kind == RefusalKind.Denied
                        ? ScopeEnded.Denied(scope, refusal.Permission ?? permission)
                        : ScopeEnded.Failed(scope, refusal.Kind == RefusalKind.NotFound ? "GitHub knows no such commit or run, or hides it." : refusal.Message);
                    break;
                }
                catch (Exception error) when (!cancellationToken.IsCancellationRequested)
                {
                    end = ScopeEnded.Failed(scope, $"An unexpected error ended the reading ({error.GetType().Name}).");
                    break;
                }

                yield return new ScopePage(scope, pages.Current);
            }
        }

        yield return end!;
    }
}
