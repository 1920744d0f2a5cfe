using System.Buffers;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.RateLimiting;
using NhiGovernance.Common;
using NhiGovernance.Sources.Webhooks;
using NhiGovernance.Web.Hosting;
using NhiGovernance.Web.Hosting.Api;

namespace NhiGovernance.Web.Sources;

/// <summary>
/// <c>POST /hooks/github/{source}</c>, where GitHub says that something changed. No sign-in: the signature is the proof. The body is
/// hashed as it streams; of a short one the place that it names is looked up, and none is stored. Setting: <c>Sources:WebhooksPerMinute</c> (for each source and sender).
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
            var hook = app.MapPost(path, TakeAsync).AllowAnonymous().DisableAntiforgery().RequireRateLimiting(Limit).WithTags("Sources")
                .WithSummary("Take a webhook of GitHub")
                .WithDescription("GitHub says that something changed; the lists that it names are read soon, or everything where it names none. The signature is the sign-in. A delivery that came before, and an event that concerns nothing here, are taken too and have no effect; the answer says so.")
                .TakesHeader("X-Hub-Signature-256", "`sha256=` and the HMAC of the body by the source's webhook secret, hexadecimal.")
                .TakesHeader("X-GitHub-Delivery", "The delivery's id; one that came before has no effect.")
                .TakesHeader("X-GitHub-Event", "The kind of event, such as `push`.")
                .TakesBytes($"The event as GitHub sends it, at most {WebhookIntake.LongestBody / 1024 / 1024} MB. It is never stored.", "application/json", "application/x-www-form-urlencoded")
                .WithMetadata(new NoPlaceNote());
            if (path != Route)
            {
                hook.WithMetadata(new ObsoleteAttribute());
            }
        }
    }

    private static async Task<Results<Accepted<WebhookEffect>, ProblemHttpResult>> TakeAsync(Guid source, HttpContext http, WebhookIntake intake, CancellationToken cancellationToken)
    {
        if (http.Request.ContentLength > WebhookIntake.LongestBody)
        {
            return TooLarge(http);
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = WebhookIntake.LongestBody;
        }

        using var check = await intake.BeginAsync(source, cancellationToken);
        using var kept = new MemoryStream();
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        var total = 0L;
        try
        {
            int read;
            while ((read = await http.Request.Body.ReadAsync(buffer, cancellationToken)) > 0)
            {
                total += read;
                if (total > WebhookIntake.LongestBody)
                {
                    return TooLarge(http);
                }

                check.Append(buffer.AsSpan(0, read));
                if (total <= WebhookIntake.LongestLookedInto)
                {
                    kept.Write(buffer, 0, read);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        var headers = http.Request.Headers;
        // The whole body is here. Whoever sent it may give up while a run's judgement keeps us waiting, and GitHub sends nothing twice
        // by itself: from here on it is taken whatever the connection does.
        var answer = await intake.TakeAsync(
            source, check, headers["X-Hub-Signature-256"], headers["X-GitHub-Delivery"], headers["X-GitHub-Event"],
            total <= WebhookIntake.LongestLookedInto ? kept.GetBuffer().AsMemory(0, (int)kept.Length) : null, CancellationToken.None);
        if (answer.Answer != WebhookAnswer.Refused)
        {
            return TypedResults.Accepted((string?)null, new WebhookEffect(answer.Effect));
        }

        // Never which part: a source that is not there answers like one whose secret is another.
        return Problems.Problem(http, StatusCodes.Status401Unauthorized, "signature", "Not signed for this source",
            "There is no such source, or the signature does not fit: enter the same secret here (Sources, Webhook) and at GitHub.");
    }

    private static ProblemHttpResult TooLarge(HttpContext http) =>
        new Error.TooLarge($"A webhook has at most {WebhookIntake.LongestBody / 1024 / 1024} MB.").ToProblem(http);
}

/// <param name="Effect">What came of the delivery: what is read soon, or why nothing is.</param>
internal sealed record WebhookEffect(string Effect);
