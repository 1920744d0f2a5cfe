namespace NhiGovernance.Sources.Contract;

/// <summary>
/// A connector that can say who reviewed a change and who let a run into an environment. No poll calls it: whoever verifies
/// evidence asks it for the commits and runs that the evidence names, and only for those, with the settings of a source that
/// reads the repository (<c>catalogue.Find(source.Connector) as IChangeEvidence</c>). That caller is the Releases slice, which
/// this version does not have yet.
/// </summary>
/// <remarks>
/// Both yield one scope, as <see cref="IConnector.ReadAsync"/> does: started, pages, one end. A missing permission ends it Denied.
/// An empty list from a complete scope means that there is none; facts say which of several reasons holds.
/// </remarks>
public interface IChangeEvidence
{
    /// <summary>The pull requests that brought a commit, and their reviews (<see cref="ResourceKind.Review"/>).</summary>
    /// <param name="repository">"acme/ledger".</param>
    /// <param name="commit">40 or 64 hex digits; anything else ends the scope Failed and asks nothing.</param>
    IAsyncEnumerable<ReadEvent> ReadReviewsAsync(ConnectorContext context, string repository, string commit, CancellationToken cancellationToken);

    /// <summary>Who approved or rejected a run's deployments (<see cref="ResourceKind.Approval"/>).</summary>
    /// <param name="run">The id of the workflow run, as provenance names it in its invocation id.</param>
    IAsyncEnumerable<ReadEvent> ReadApprovalsAsync(ConnectorContext context, string repository, long run, CancellationToken cancellationToken);
}
