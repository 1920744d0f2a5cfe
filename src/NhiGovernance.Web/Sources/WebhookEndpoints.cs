using System.Buffers;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.RateLimiting;
using NhiGovernance.Sources.Webhooks;

namespace NhiGovernance.Web.Sources;

/// <summary>
/// <c>POST /hooks/github/{source}</c>, where GitHub says that something changed. No sign-in: the signature is the proof. The body is
/// hashed as it streams and is never kept. Setting: <c>Sources:WebhooksPerMinute</c> (for each source and sender).
/// </summary>
internal static class WebhookEndpoints
{
    private const string Limit = "webhooks";
    private const string Route = "/hooks/github/{source:guid}";

    /// <summary>The address to enter at GitHub; made from the route that is mapped, so that a page never shows another.</summary>
    public static string PathOf(Guid source) => Route.Replace("{source:guid}", source.ToString(), StringComparison.Ordinal);

    public static void AddServices(WebApplicationBuilder builder)
    {
        var perMinute = builder.Configuration.GetValue("Sources:WebhooksPerMinute", 600);
        builder.Services.Configure<RateLimiterOptions>(limits => limits.AddPolicy(Limit, context =>
            RateLimitPartition.GetSlidingWindowLimiter(
                $"{context.Connection.RemoteIpAddress} {SourceOf(context)}",
                _ => new SlidingWindowRateLimiterOptions { PermitLimit = perMinute, Window = TimeSpan.FromMinutes(1), SegmentsPerWindow = 6, QueueLimit = 0 })));
    }

    /// <summary>The id, not the route's text: one id can be spelled in many ways, and each would have a limit of its own.</summary>
    private static Guid SourceOf(HttpContext context) =>
        Guid.TryParse(context.Request.RouteValues["source"]?.ToString(), out var id) ? id : Guid.Empty;

    public static void Map(WebApplication app)
    {
        // The second was shown by earlier pages, and stands in webhooks that were set up then.
        foreach (var path in new[] { Route, "/api/v1" + Route })
        {
            app.MapPost(path, TakeAsync).AllowAnonymous().DisableAntiforgery().RequireRateLimiting(Limit).WithTags("Sources");
        }
    }

    private static async Task<IResult> TakeAsync(Guid source, HttpContext http, WebhookIntake intake, CancellationToken cancellationToken)
    {
        if (http.Request.ContentLength > WebhookIntake.LongestBody)
        {
            return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = WebhookIntake.LongestBody;
        }

        using var check = await intake.BeginAsync(source, cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            var total = 0L;
            int read;
            while ((read = await http.Request.Body.ReadAsync(buffer, cancellationToken)) > 0)
            {
                total += read;
                if (total > WebhookIntake.LongestBody)
                {
                    return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
                }

                check.Append(buffer.AsSpan(0, read));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        var headers = http.Request.Headers;
        var answer = await intake.TakeAsync(
            source, check, headers["X-Hub-Signature-256"], headers["X-GitHub-Delivery"], headers["X-GitHub-Event"], cancellationToken);
        return answer == WebhookAnswer.Refused ? Results.StatusCode(StatusCodes.Status401Unauthorized) : Results.Accepted();
    }
}
