using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Sources.Runs;

namespace NhiGovernance.Sources.Connectors.Inventories;

/// <param name="Path">A file, or a folder whose files are all looked at (not those of folders in it).</param>
/// <param name="Progress">Told what is being done, one plain line each; may be null.</param>
public sealed record ImportFileRequest(string Path, Action<string>? Progress = null);

/// <param name="Outcome">What became of it, one plain sentence.</param>
public sealed record ImportedFile(string Name, bool Understood, string Outcome);

/// <param name="State">Null when nothing was there to read.</param>
/// <param name="Refused">Rows with line and reason, the first 1,000.</param>
public sealed record ImportResult(
    Guid? SourceId, string? SourceName, PollState? State, long Seen, long Added, long Changed, long WentMissing,
    IReadOnlyList<ImportedFile> Files, IReadOnlyList<RefusedRow> Refused, string? Error)
{
    /// <summary>True when every file was understood and every row taken.</summary>
    public bool IsClean => State is PollState.Complete or PollState.Held && Files.All(f => f.Understood) && Refused.Count == 0;
}

/// <summary>
/// <c>./run.sh import PATH</c>: sniffs what a file or folder holds, keeps the inventories as documents of one source and reads
/// them at once. Importing the path again replaces its documents. Not one command but a few, each with its own audit entry:
/// the reading in between is a run like any other.
/// </summary>
public sealed class ImportFile(
    EnsureImportSource ensure, PollNow pollNow, GetRun getRun, GetInventoryDocuments documents, PollSource poll, PollOptions options,
    InventoryFileOptions limits, TimeProvider clock) : IUseCase
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(300);

    public Permission Permission => Permission.ManageSources;

    public async Task<Result<ImportResult>> RunAsync(ImportFileRequest request, CancellationToken cancellationToken = default)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(request.Path));
        if (!File.Exists(path) && !Directory.Exists(path))
        {
            return new Error.Invalid("path", "There is no such file or folder.");
        }

        var say = request.Progress ?? (static _ => { });
        var found = await ImportSniffer.LookAsync(path, say, cancellationToken);
        var good = found.Where(f => f.Understood).ToList();
        if (good.Count == 0)
        {
            return new ImportResult(null, null, null, 0, 0, 0, 0, [.. found.Select(f => f.ToResult())], [], null);
        }

        var source = await ensure.RunAsync(new EnsureImportSourceRequest(path), cancellationToken);
        if (!source.IsOk)
        {
            return source.Error;
        }

        if (DocumentFolder.Of(options, source.Value.Id) is not { } folder)
        {
            return new Error.Unavailable("This installation has no data folder to keep the documents in; give one with --data.");
        }

        if (await CopyAsync(source.Value.Id, good, folder, say, cancellationToken) is { } fault)
        {
            return fault;
        }

        var run = await ReadAsync(source.Value.Id, say, cancellationToken);
        if (!run.IsOk)
        {
            return run.Error;
        }

        var kept = await documents.RunAsync(new GetInventoryDocumentsRequest(source.Value.Id), cancellationToken);
        var detail = run.Value;
        return new ImportResult(
            source.Value.Id, source.Value.Name, detail.Run.State, detail.Run.Seen, detail.Run.Added, detail.Run.Changed, detail.Run.WentMissing,
            [.. found.Select(f => f.ToResult(detail.Scopes.FirstOrDefault(s => s.Kind == "file" && s.Place == f.Name)?.Error))],
            kept.IsOk ? kept.Value.Refused : [], detail.Run.Error);
    }

    private async Task<Error?> CopyAsync(Guid source, List<FoundFile> files, string folder, Action<string> say, CancellationToken cancellationToken)
    {
        foreach (var file in files)
        {
            say($"keeping {file.Name}");
            await using var content = new FileStream(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 64 * 1024, useAsync: true);
            if (await DocumentFolder.StageAsync(folder, file.Name, source, content, limits.MaxBytes, cancellationToken) is not { } staged)
            {
                return new Error.Invalid("path", $"{file.Name} is larger than the setting Sources:FileMaxMegabytes allows.");
            }

            DocumentFolder.Promote(folder, staged.Staged);
        }

        foreach (var old in Directory.EnumerateFiles(folder).Where(f => !files.Exists(g => g.Name == Path.GetFileName(f))))
        {
            File.Delete(old);
        }

        return null;
    }

    /// <summary>A run that began before the documents were in place does not count: then another follows.</summary>
    private async Task<Result<RunDetail>> ReadAsync(Guid source, Action<string> say, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            var queued = await pollNow.RunAsync(new PollNowRequest(source), cancellationToken);
            if (!queued.IsOk)
            {
                return queued.Error;
            }

            say("reading");
            await poll.RunAsync(queued.Value.RunId, cancellationToken);
            var detail = await EndAsync(queued.Value.RunId, say, cancellationToken);
            if (!detail.IsOk || queued.Value.IsNew || attempt >= 3)
            {
                return detail;
            }
        }
    }

    /// <summary>A server on the same database may have taken the run; then this waits for it.</summary>
    private async Task<Result<RunDetail>> EndAsync(Guid runId, Action<string> say, CancellationToken cancellationToken)
    {
        while (true)
        {
            var detail = await getRun.RunAsync(new GetRunRequest(runId), cancellationToken);
            if (!detail.IsOk || detail.Value.Run.State is not (PollState.Queued or PollState.Running))
            {
                return detail;
            }

            say(detail.Value.Run.Progress ?? "waiting for the worker that reads it");
            await Task.Delay(Glance, clock, cancellationToken);
        }
    }
}
