using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using NhiGovernance.Audit;
using NhiGovernance.Web.Hosting;

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
        audit.MapGet("/", ListAsync).WithSummary("The audit log, newest first. Scope audit:read.");
        audit.MapGet("/export", ExportAsync).WithSummary("The audit log as JSON lines, oldest first, with all that goes into the hashes.");
        audit.MapGet("/verification", VerifyAsync).WithSummary("Walks the chain; names the first bad sequence number.");
    }

    private static async Task<IResult> ListAsync(
        HttpContext http, ListAuditEntries list, [AsParameters] Filter filter, string? cursor = null, int limit = 50) =>
        (await list.RunAsync(new ListAuditEntriesRequest(filter.ToFilter(), cursor, limit), http.RequestAborted))
            .ToHttp(http, page => Results.Json(new { items = page.Items, next = page.Next, count = page.Count.ToString() }, Lines));

    private static async Task<IResult> ExportAsync(HttpContext http, ExportAudit export, [AsParameters] Filter filter)
    {
        var rows = await export.RunAsync(filter.ToFilter(), http.RequestAborted);
        return rows.IsOk
            ? Results.Stream(body => WriteAsync(rows.Value, body, http.RequestAborted), "application/x-ndjson", "audit.jsonl")
            : rows.Error.ToProblem(http);
    }

    private static async Task<IResult> VerifyAsync(HttpContext http, VerifyAudit verify, long? sequence = null, string? hash = null) =>
        (await verify.RunAsync(
            new VerifyAuditRequest(sequence is { } known && hash is not null ? new AuditHead(known, hash) : null), http.RequestAborted))
            .ToHttp(http, result => Results.Json(result, Lines));

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

    private sealed record Filter(
        string? Action, string? Actor, string? TargetKind, string? Target, DateTimeOffset? From, DateTimeOffset? Until)
    {
        public AuditFilter ToFilter() => new(Action, Actor, TargetKind, Target, From, Until);
    }
}
