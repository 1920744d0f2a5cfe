using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using NhiGovernance.Audit;
using NhiGovernance.Web.Hosting;
using NhiGovernance.Web.Hosting.Api;

namespace NhiGovernance.Web.Audit;

/// <summary><c>/api/v1/audit</c>: the log as pages, as JSON lines, and its verification.</summary>
internal sealed class AuditEndpoints : IWebSlice
{
    private static readonly JsonSerializerOptions Lines = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    public void AddServices(WebApplicationBuilder builder)
    {
    }

    public void Map(WebApplication app)
    {
        var audit = app.MapGroup("/api/v1/audit").WithTags("Audit");
        audit.MapGet("/", ListAsync);
        audit.MapGet("/export", ExportAsync);
        audit.MapGet("/verification", VerifyAsync).WithDescription("Walks the whole log once. `fault` names the first bad sequence number and why, and is null when the log is whole.");
    }

    private static async Task<Results<Ok<ListAnswer<AuditRow>>, ProblemHttpResult>> ListAsync(
        HttpContext http, ListAuditEntries list, [AsParameters] Filter filter, string? cursor = null, int limit = 50) =>
        (await list.RunAsync(new ListAuditEntriesRequest(filter.ToFilter(), cursor, limit), http.RequestAborted)).ToHttp(http);

    private static async Task<Results<Download<AuditLines>, ProblemHttpResult>> ExportAsync(HttpContext http, ExportAudit export, [AsParameters] Filter filter)
    {
        var rows = await export.RunAsync(filter.ToFilter(), http.RequestAborted);
        return rows.IsOk
            ? new Download<AuditLines>(body => WriteAsync(rows.Value, body, http.RequestAborted), "audit.jsonl")
            : rows.Error.ToProblem(http);
    }

    private static async Task<Results<Ok<AuditVerification>, ProblemHttpResult>> VerifyAsync(HttpContext http, VerifyAudit verify, long? sequence = null, string? hash = null) =>
        (await verify.RunAsync(
            new VerifyAuditRequest(sequence is { } known && hash is not null ? new AuditHead(known, hash) : null), http.RequestAborted)).ToHttp(http);

    private static async Task WriteAsync(IAsyncEnumerable<AuditLine> rows, Stream body, CancellationToken cancellationToken)
    {
        const int Enough = 64 * 1024;
        var buffer = new ArrayBufferWriter<byte>(Enough + 4096);
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            using (var writer = new Utf8JsonWriter(buffer))
            {
                JsonSerializer.Serialize(writer, row, Lines);
            }

            buffer.Write("\n"u8);
            if (buffer.WrittenCount > Enough)
            {
                await body.WriteAsync(buffer.WrittenMemory, cancellationToken);
                buffer.ResetWrittenCount();
            }
        }

        await body.WriteAsync(buffer.WrittenMemory, cancellationToken);
    }

    private sealed class AuditLines : IDownload
    {
        public static string ContentType => "application/x-ndjson";

        public static string Says => "JSON lines, oldest first, with all that goes into the hashes: whoever holds them can check the chain.";

        public static Type Line => typeof(AuditLine);
    }

    private sealed record Filter(
        string? Action, string? Actor, string? TargetKind, string? Target, DateTimeOffset? From, DateTimeOffset? Until)
    {
        public AuditFilter ToFilter() => new(Action, Actor, TargetKind, Target, From, Until);
    }
}
