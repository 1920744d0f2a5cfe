using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Sources.Manage;

namespace NhiGovernance.Sources.Connectors.Inventories;

/// <param name="Path">The full path that is imported; the same path is the same source.</param>
public sealed record EnsureImportSourceRequest(string Path);

/// <param name="IsNew">False when an earlier import of this path made it.</param>
public sealed record ImportSource(Guid Id, string Name, bool IsNew);

/// <summary>The source of an imported path: made at the first import, used again by the next.</summary>
public sealed class EnsureImportSource(CommandDoor door, ConnectorCatalogue connectors, IDialect dialect)
    : Command<EnsureImportSourceRequest, ImportSource>(door)
{
    public override Permission Permission => Permission.ManageSources;

    protected override async Task<Result<ImportSource>> ApplyAsync(
        EnsureImportSourceRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        var name = NameOf(request.Path);
        await dialect.LockAsync(context.Db, $"import:{name}", cancellationToken);
        var there = await context.Db.Set<Source>().Where(s => s.Name == name && s.RemovedAt == null)
            .Select(s => new { s.Id, s.ConnectorKey }).FirstOrDefaultAsync(cancellationToken);
        if (there is not null && there.ConnectorKey != FileDescriptor.Key)
        {
            return new Error.Conflict($"A source of another kind is called \"{name}\". Rename it, and import again.");
        }

        if (there is not null)
        {
            context.Audit("source.import", "source", there.Id, null, new { Path = Digest(request.Path) }, "imported again");
            return new ImportSource(there.Id, name, false);
        }

        var descriptor = connectors.Find(FileDescriptor.Key)!.Descriptor;
        var source = new Source
        {
            Id = context.NewId(),
            ConnectorKey = descriptor.Key,
            Name = name,
            Settings = SourceSettingsJson.Write(SettingsCheck.Clean(descriptor, new Dictionary<string, string>
            {
                [FileDescriptor.System] = Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(request.Path)) is { Length: > 0 and <= 200 } system ? system : "inventory",
            })),
            Host = string.Empty,
            IntervalMinutes = (int)descriptor.DefaultInterval.TotalMinutes,
            CreatedAt = context.Now,
        };
        context.Db.Add(source);
        context.Audit("source.create", "source", source.Id, null, SourceRules.State(source), "by import");
        context.Signal(SourceTopics.Source, source.Id);
        return new ImportSource(source.Id, name, true);
    }

    private static string NameOf(string path)
    {
        var name = $"Import {path}";
        return name.Length <= 120 ? name : $"Import …{path[^90..]} {Digest(path)[..8]}";
    }

    private static string Digest(string path) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)));
}
