using System.Globalization;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Sources.Documents;
using NhiGovernance.Sources.Runs;

namespace NhiGovernance.Sources.Connectors.Inventories;

/// <param name="Path">A file, or a folder whose files are all looked at (not those of folders in it).</param>
/// <param name="Progress">Told what is being done, one plain line each; may be null.</param>
public sealed record ImportFileRequest(string Path, Action<string>? Progress = null);

/// <param name="Outcome">What became of it, one plain sentence.</param>
public sealed record ImportedFile(string Name, bool Understood, string Outcome);

/// <param name="State">Null when nothing was there to read.</param>
/// <param name="Refused">Rows with line and reason, the first 10,000.</param>
/// <param name="RefusedCount">How many were refused, however many of them are listed.</param>
public sealed record ImportResult(
    Guid? SourceId, string? SourceName, PollState? State, long Seen, long Added, long Changed, long WentMissing,
    IReadOnlyList<ImportedFile> Files, IReadOnlyList<RefusedRow> Refused, long RefusedCount, string? Error)
{
    /// <summary>True when every file was understood and every row taken.</summary>
    public bool IsClean => State is PollState.Complete or PollState.Held && Files.All(f => f.Understood) && RefusedCount == 0;
}

/// <summary>
/// <c>./run.sh import PATH</c>: sniffs what a file or folder holds, keeps the inventories as documents of one source and reads
/// them at once. Importing the path again replaces its documents. Not one command but a few, each with its own audit entry:
/// the reading in between is a run like any other.
/// </summary>
public sealed class ImportFile(
    EnsureImportSource ensure, KeepInventoryDocuments keep, GetRun getRun, GetInventoryDocuments documents, PollSource poll, DocumentStore store,
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
            return new ImportResult(null, null, null, 0, 0, 0, 0, [.. found.Select(f => f.ToResult())], [], 0, null);
        }

        var source = await ensure.RunAsync(new EnsureImportSourceRequest(path), cancellationToken);
        if (!source.IsOk)
        {
            return source.Error;
        }

        var stored = await KeepAsync(source.Value.Id, good, say, cancellationToken);
        if (!stored.IsOk)
        {
            return stored.Error;
        }

        say("reading");
        await poll.RunAsync(stored.Value.RunId, cancellationToken);
        var run = await EndAsync(stored.Value.RunId, say, cancellationToken);
        if (!run.IsOk)
        {
            return run.Error;
        }

        var kept = await documents.RunAsync(new GetInventoryDocumentsRequest(source.Value.Id), cancellationToken);
        IReadOnlyList<RefusedRow> refused = kept.IsOk ? kept.Value.Refused : [];
        var count = kept.IsOk ? kept.Value.RefusedCount : 0;
        if (count > 0)
        {
            var listed = count == refused.Count ? "all are" : string.Create(CultureInfo.InvariantCulture, $"the first {refused.Count:N0} of {count:N0} are");
            say(string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? "refusal; it is" : $"refusals; {listed}")} listed with line and reason"));
        }

        var detail = run.Value;
        return new ImportResult(
            source.Value.Id, source.Value.Name, detail.Run.State, detail.Run.Seen, detail.Run.Added, detail.Run.Changed, detail.Run.WentMissing,
            [.. found.Select(f => f.ToResult(detail.Scopes.FirstOrDefault(s => s.Kind == "file" && s.Place == f.Name)?.Error))],
            refused, count, detail.Run.Error);
    }

    /// <summary>All of them or none: whatever was staged before a fault is let go.</summary>
    private async Task<Result<DocumentsKept>> KeepAsync(Guid source, List<FoundFile> files, Action<string> say, CancellationToken cancellationToken)
    {
        var staged = new List<StagedDocument>();
        var kept = false;
        try
        {
            foreach (var file in files)
            {
                say($"keeping {file.Name}");
                await using var content = new FileStream(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 64 * 1024, useAsync: true);
                if (await store.StageAsync(file.Name, content, limits.MaxBytes, cancellationToken) is not { } one)
                {
                    return new Error.Invalid("path", $"{file.Name} is larger than the setting Sources:FileMaxMegabytes allows.");
                }

                staged.Add(one);
            }

            var result = await keep.RunAsync(new KeepInventoryDocumentsRequest(source, staged, Only: true), cancellationToken);
            kept = result.IsOk;
            return result;
        }
        finally
        {
            foreach (var one in kept ? [] : staged)
            {
                await store.ForgetAsync(one.Id);
            }
        }
    }

    /// <summary>
    /// A server on the same database may have taken the run; then this waits for it. An import that was killed holds the source until
    /// its lease runs out, and nobody else may be there to take it over: so this looks itself.
    /// </summary>
    private async Task<Result<RunDetail>> EndAsync(Guid runId, Action<string> say, CancellationToken cancellationToken)
    {
        while (true)
        {
            var detail = await getRun.RunAsync(new GetRunRequest(runId), cancellationToken);
            if (!detail.IsOk || detail.Value.Run.State is not (PollState.Queued or PollState.Running))
            {
                return detail;
            }

            await poll.TakeOverAsync(cancellationToken);
            if (detail.Value.Run.State == PollState.Queued && await poll.RunAsync(runId, cancellationToken) is not null)
            {
                continue;
            }

            say(detail.Value.Run.Progress ?? "waiting for the worker that reads it, or for the lease of one that was stopped to run out (a minute)");
            await Task.Delay(Glance, clock, cancellationToken);
        }
    }
}
