using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.Inventories;

/// <summary>
/// One reading of all files of a source, in two passes: identities and people first, credentials after them, so that a
/// credential finds its identity wherever it stands. Of what went by only ids are remembered, as 8-byte digests.
/// </summary>
internal sealed class FileRead(ConnectorContext context, InventoryFileOptions options)
{
    private const int PageSize = 1000;

    private readonly RefusedRows _refused = new();
    private readonly HashSet<long> _seen = [];
    private readonly string _place = context.Settings.Get(FileDescriptor.System, "inventory");

    public async IAsyncEnumerable<ReadEvent> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var root = new Scope("files", _place);
        yield return new ScopeStarted(root, null);
        IReadOnlyList<InventoryFile> files = [];
        string? problem = null;
        try
        {
            files = await InventoryFiles.OfAsync(context, options, cancellationToken);
        }
        catch (ConnectorException error)
        {
            problem = error.Message;
        }

        if (problem is not null)
        {
            yield return ScopeEnded.Failed(root, problem);
            yield break;
        }

        var documents = files.Select(f => new Document(f, new Scope("file", f.Name.Length <= 300 ? f.Name : f.Name[..300]))).ToList();
        foreach (var document in documents)
        {
            yield return new ScopeStarted(document.Scope, root);
            await TryAsync(document, document.File.BeginAsync, cancellationToken);
            await foreach (var page in ReadAsync(document, credentials: false, cancellationToken))
            {
                yield return page;
            }
        }

        foreach (var document in documents)
        {
            if (document is { HasCredentials: true, Refusal: null })
            {
                await foreach (var page in ReadAsync(document, credentials: true, cancellationToken))
                {
                    yield return page;
                }
            }
        }

        foreach (var document in documents)
        {
            await TryAsync(document, document.File.EndAsync, cancellationToken);
        }

        await _refused.KeepAsync(context, cancellationToken);

        // A row may have been moved from one file into another: while one of them is not whole, what the others lack may be in it.
        var broken = documents.Find(d => d is { File.IsKeptByUs: true, IsBroken: true }) ?? documents.Find(d => !d.IsWhole);
        foreach (var document in documents)
        {
            yield return document.End(broken?.File.Name);
        }

        // Last: without the bytes of one of our own documents, the list of them is not whole either.
        yield return broken is { File.IsKeptByUs: true, IsBroken: true }
            ? ScopeEnded.Failed(root, broken.Refusal!)
            : ScopeEnded.Complete(root) with { SaysNothingOfAbsence = broken is not null };
    }

    /// <summary>A step of a file that was not refused yet; what it finds wrong refuses it.</summary>
    private async Task TryAsync(Document document, Func<CancellationToken, Task<string?>> step, CancellationToken cancellationToken)
    {
        if (document.Refusal is not null)
        {
            return;
        }

        try
        {
            document.Refusal = await step(cancellationToken);
            document.IsBroken = document.Refusal is not null;
        }
        catch (Exception error) when (error is RefusedFileException or IOException or UnauthorizedAccessException)
        {
            Refuse(document, error);
        }

        if (document.Refusal is { } refusal)
        {
            _refused.Add(document.File.Name, 0, refusal);
        }
    }

    private static void Refuse(Document document, Exception error)
    {
        document.IsBroken = error is IOException;
        document.Refusal = error is RefusedFileException || (document.IsBroken && document.File.IsKeptByUs)
            ? error.Message
            : "The file may not be read by the user that runs NhiGovernance.";
    }

    private async IAsyncEnumerable<ScopePage> ReadAsync(Document document, bool credentials, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (document.Refusal is not null)
        {
            yield break;
        }

        context.Progress(credentials ? $"credentials of {document.File.Name}" : document.File.Name);
        var page = new List<Observation>(PageSize);
        await using var records = RecordsAsync(document, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await records.MoveNextAsync())
                {
                    break;
                }
            }
            catch (Exception error) when (error is RefusedFileException or IOException or UnauthorizedAccessException)
            {
                Refuse(document, error);
                _refused.Add(document.File.Name, 0, document.Refusal!);
                break;
            }

            Take(records.Current, document, credentials, page);
            if (page.Count == PageSize)
            {
                yield return new ScopePage(document.Scope, page);
                page = new List<Observation>(PageSize);
            }
        }

        if (page.Count > 0)
        {
            yield return new ScopePage(document.Scope, page);
        }
    }

    private async IAsyncEnumerable<InventoryRecord> RecordsAsync(Document document, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var stream = document.File.Open();
        await foreach (var record in (await InventoryFiles.OpenAsync(stream, cancellationToken)).WithCancellation(cancellationToken))
        {
            yield return record;
        }
    }

    private void Take(InventoryRecord record, Document document, bool credentials, List<Observation> page)
    {
        var isCredential = record.Kind == RecordKind.Credential;
        document.HasCredentials |= isCredential;
        if (isCredential != credentials)
        {
            return;
        }

        document.Rows++;
        try
        {
            var observation = InventoryMapper.Map(record, _place);
            if (observation is CredentialObservation credential && !_seen.Contains(Digest(RecordKind.Identity, credential.IdentityKey)))
            {
                throw new RefusedRowException("identity names no identity of this source's files, or one whose row was refused");
            }

            if (!_seen.Add(Digest(record.Kind, observation.NaturalKey)))
            {
                throw new RefusedRowException("id stands twice in this source's files; the first row counts");
            }

            page.Add(observation);
        }
        catch (RefusedRowException refused)
        {
            document.Refused++;
            _refused.Add(document.File.Name, record.Line, refused.Message);
        }
    }

    private static long Digest(RecordKind kind, string key) => BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes($"{(int)kind}:{key}")));

    private sealed class Document(InventoryFile file, Scope scope)
    {
        public InventoryFile File { get; } = file;

        public Scope Scope { get; } = scope;

        public bool HasCredentials { get; set; }

        public long Rows { get; set; }

        public long Refused { get; set; }

        public string? Refusal { get; set; }

        /// <summary>True when the bytes are at fault, not what they say.</summary>
        public bool IsBroken { get; set; }

        public bool IsWhole => Refusal is null && Refused == 0;

        /// <summary>With a refused row the list is not whole: nothing may be concluded from what it lacks.</summary>
        /// <param name="broken">A file of this source that is not whole; null when all are.</param>
        public ScopeEnded End(string? broken) =>
            Refusal is not null ? ScopeEnded.Failed(Scope, Refusal)
            : Refused > 0 ? ScopeEnded.Failed(Scope, string.Create(CultureInfo.InvariantCulture, $"{Refused:N0} of {Rows:N0} rows were refused."))
            : broken is null ? ScopeEnded.Complete(Scope)
            : ScopeEnded.Complete(Scope) with
            {
                SaysNothingOfAbsence = true,
                Error = $"Read to its end. What it lacks may be in {broken}, which could not be read whole, so nothing of it goes missing.",
            };
    }
}
