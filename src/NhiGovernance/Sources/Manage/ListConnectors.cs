using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Manage;

public sealed record ListConnectorsRequest;

/// <summary>The kinds of source that a person can add, with their forms and permission lists.</summary>
public sealed class ListConnectors(QueryDoor door, ConnectorCatalogue connectors) : Query<ListConnectorsRequest, IReadOnlyList<ConnectorDescriptor>>(door)
{
    public override Permission Permission => Permission.ReadSources;

    protected override Task<Result<IReadOnlyList<ConnectorDescriptor>>> ReadAsync(
        ListConnectorsRequest request, QueryContext context, CancellationToken cancellationToken) =>
        Task.FromResult(Result.Ok<IReadOnlyList<ConnectorDescriptor>>(
            [.. connectors.All.Select(c => c.Descriptor).Where(d => d.AddedByPeople)]));
}
