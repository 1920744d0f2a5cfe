using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Sources.Manage;
using NhiGovernance.Sources.Runs;

namespace NhiGovernance.Sources.Connectors.Inventories;

public sealed record PlanInventoryDocumentRequest(Guid SourceId, string Name);

/// <param name="Folder">Where the source's documents are kept.</param>
public sealed record InventoryDocumentPlan(string Folder);

/// <summary>Whether this actor may store this document for this source, asked before a byte of it is taken.</summary>
public sealed class PlanInventoryDocument(QueryDoor door, PollOptions options) : Query<PlanInventoryDocumentRequest, InventoryDocumentPlan>(door)
{
    public override Permission Permission => Permission.ManageSources;

    protected override Task<Result<InventoryDocumentPlan>> ReadAsync(
        PlanInventoryDocumentRequest request, QueryContext context, CancellationToken cancellationToken) =>
        PlanAsync(context.Db, options, request.SourceId, request.Name, cancellationToken);

    internal static async Task<Result<InventoryDocumentPlan>> PlanAsync(
        GovernanceDb db, PollOptions options, Guid sourceId, string name, CancellationToken cancellationToken)
    {
        if (await SourceRules.FindAsync(db, sourceId, cancellationToken) is not { ConnectorKey: FileDescriptor.Key } source)
        {
            return new Error.NotFound("This source of inventory files");
        }

        if (SourceSettingsJson.Read(source.Settings).Get(FileDescriptor.From, "upload") != "upload")
        {
            return new Error.Conflict("This source reads a path; change its settings to uploaded documents first.");
        }

        if (DocumentFolder.NameFault(name) is { } fault)
        {
            return new Error.Invalid("name", fault);
        }

        return DocumentFolder.Of(options, source.Id) is { } folder
            ? new InventoryDocumentPlan(folder)
            : new Error.Unavailable("This installation has no data folder, so nothing can be uploaded.");
    }
}
