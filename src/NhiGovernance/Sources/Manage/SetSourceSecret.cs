using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Manage;

/// <param name="Value">Sealed and forgotten; null or empty removes what is set.</param>
public sealed record SetSourceSecretRequest(Guid SourceId, string Key, string? Value)
{
    /// <summary>Without the value, wherever a record is printed.</summary>
    public override string ToString() => $"{nameof(SetSourceSecretRequest)} {SourceId} {Key}";
}

/// <summary>Sets or removes a credential of a source. Write-only: nothing gives it back.</summary>
public sealed class SetSourceSecret(CommandDoor door, ConnectorCatalogue connectors, SourceSecretStore secrets) : Command<SetSourceSecretRequest, Done>(door)
{
    public override Permission Permission => Permission.ManageSources;

    protected override async Task<Result<Done>> ApplyAsync(
        SetSourceSecretRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        var source = await SourceRules.FindAsync(context.Db, request.SourceId, cancellationToken);
        if (source is null)
        {
            return new Error.NotFound("This source");
        }

        var field = connectors.Find(source.ConnectorKey)?.Descriptor.Settings.SingleOrDefault(f => f.Key == request.Key && f.Kind == SettingKind.Secret);
        if (field is null)
        {
            return new Error.Invalid("key", $"This source has no secret \"{request.Key}\".");
        }

        if (string.IsNullOrEmpty(request.Value))
        {
            await context.Db.Set<SourceSecret>().Where(s => s.SourceId == source.Id && s.Key == field.Key).ExecuteDeleteAsync(cancellationToken);
            context.Audit("source.secret-remove", "source", source.Id, new { field.Key }, null, $"{field.Label} removed");
        }
        else
        {
            if (SourceRules.SecretFault("value", request.Value) is { } fault)
            {
                return new Error.Invalid([fault]);
            }

            await secrets.SetAsync(context, source, field.Key, request.Value.Trim(), cancellationToken);
            context.Audit("source.secret-set", "source", source.Id, null, new { field.Key, source.Host, At = context.Now }, $"{field.Label} set");
        }

        context.Signal(SourceTopics.Source, source.Id);
        return Done.Value;
    }
}
