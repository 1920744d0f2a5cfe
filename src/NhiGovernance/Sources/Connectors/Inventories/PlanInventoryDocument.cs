using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Sources.Manage;

namespace NhiGovernance.Sources.Connectors.Inventories;

public sealed record PlanInventoryDocumentRequest(Guid SourceId, string Name);

/// <param name="MaxBytes">What one document may have.</param>
public sealed record InventoryDocumentPlan(long MaxBytes);

/// <summary>Whether this actor may store this document for this source, asked before a byte of it is taken.</summary>
public sealed class PlanInventoryDocument(QueryDoor door, InventoryFileOptions limits) : Query<PlanInventoryDocumentRequest, InventoryDocumentPlan>(door)
{
    public override Permission Permission => Permission.ManageSources;

    protected override async Task<Result<InventoryDocumentPlan>> ReadAsync(
        PlanInventoryDocumentRequest request, QueryContext context, CancellationToken cancellationToken) =>
        await FaultAsync(context.Db, request.SourceId, [request.Name], cancellationToken) is { } fault ? fault : new InventoryDocumentPlan(limits.MaxBytes);

    internal static async Task<Error?> FaultAsync(GovernanceDb db, Guid sourceId, IEnumerable<string> names, CancellationToken cancellationToken)
    {
        if (await SourceRules.FindAsync(db, sourceId, cancellationToken) is not { ConnectorKey: FileDescriptor.Key } source)
        {
            return new Error.NotFound("This source of inventory files");
        }

        if (SourceSettingsJson.Read(source.Settings).Get(FileDescriptor.From, "upload") != "upload")
        {
            return new Error.Conflict("This source reads a path; change its settings to uploaded documents first.");
        }

        return names.Select(DocumentNames.Fault).OfType<string>().FirstOrDefault() is { } fault ? new Error.Invalid("name", fault) : null;
    }
}
