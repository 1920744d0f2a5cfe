using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.Features;
using NhiGovernance.Common;
using NhiGovernance.Common.Idempotency;
using NhiGovernance.Web.Access;

namespace NhiGovernance.Web.Hosting.Api;

/// <summary>
/// <c>Idempotency-Key</c> on every POST and PUT of the API (draft-ietf-httpapi-idempotency-key-header): the first answer that reports a
/// success is kept for a day and given again. What is guaranteed stands at <see cref="IdempotentRequests"/>. The body is hashed as it
/// streams and never kept, so an upload of any size may carry a key.
/// </summary>
internal static class IdempotencyKeys
{
    public const string Header = "Idempotency-Key";
    public const string Replayed = "Idempotency-Replayed";
    public const int LongestKey = 255;

    /// <summary>Whether a key counts for this method; the document of the API says so at the same operations.</summary>
    public static bool Counts(string method) => HttpMethods.IsPost(method) || HttpMethods.IsPut(method);

    public static async Task Apply(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (!Counts(request.Method) || !request.Path.StartsWithSegments("/api/v1", StringComparison.OrdinalIgnoreCase)
            || !request.Headers.TryGetValue(Header, out var given) || context.User.ToReference() is not { } who)
        {
            await next(context);
            return;
        }

        if (given is not [{ Length: > 0 and <= LongestKey } key] || !key.All(c => c is >= '!' and <= '~'))
        {
            var fault = new Error.Invalid(Header, $"Send one key of 1 to {LongestKey} visible ASCII characters, such as a UUID.");
            await fault.ToProblem(context).ExecuteAsync(context);
            return;
        }

        var requests = context.RequestServices.GetRequiredService<IdempotentRequests>();
        var claim = await requests.ClaimAsync(IdempotentRequests.DigestOf($"{who.Kind}:{who.Id:N}", key), context.RequestAborted);
        switch (claim)
        {
            case IdempotencyClaim.First first:
                await RunAsync(context, next, requests, first.Ticket);
                break;
            case IdempotencyClaim.Answered answered:
                await RepeatAsync(context, requests, answered);
                break;
            case IdempotencyClaim.AnswerLost:
                await Problems.Problem(context, StatusCodes.Status409Conflict, "answer-lost", "The answer was lost",
                    "The first request with this key had its effect, but its answer could not be kept. Read the state instead of repeating.").ExecuteAsync(context);
                break;
            default:
                context.Response.Headers.RetryAfter = "1";
                await Problems.Problem(context, StatusCodes.Status409Conflict, "in-flight", "Still running",
                    "The first request with this key is still running. Ask again in a moment for its answer.").ExecuteAsync(context);
                break;
        }
    }

    private static async Task RunAsync(HttpContext context, RequestDelegate next, IdempotentRequests requests, IdempotencyTicket ticket)
    {
        context.RequestServices.GetRequiredService<CurrentIdempotency>().Ticket = ticket;
        await using var body = new DigestingStream(context.Request);
        using var answer = new MemoryStream();
        var network = context.Response.Body;
        (context.Request.Body, context.Response.Body) = (body, answer);
        try
        {
            await next(context);
            if (context.Response.StatusCode is >= 200 and < 300)
            {
                // Not the sender's token: what is done is kept, even when nobody waits for the answer any more.
                var digest = await requests.SealDigestAsync(await body.EndAsync(), CancellationToken.None);
                var kept = new KeptAnswer(
                    context.Response.StatusCode, context.Response.ContentType, context.Response.Headers.Location, answer.ToArray());
                await requests.AnswerAsync(ticket, digest, kept, CancellationToken.None);
            }
            else
            {
                await requests.ReleaseAsync(ticket, CancellationToken.None);
            }
        }
        catch
        {
            await requests.ReleaseAsync(ticket, CancellationToken.None);
            throw;
        }
        finally
        {
            context.Response.Body = network;
        }

        answer.Position = 0;
        await answer.CopyToAsync(network, context.RequestAborted);
    }

    private static async Task RepeatAsync(HttpContext context, IdempotentRequests requests, IdempotencyClaim.Answered answered)
    {
        // It is hashed and dropped, so the server's own limit, which an upload lifts as well, need not hold.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        await using var body = new DigestingStream(context.Request);
        var digest = await requests.SealDigestAsync(await body.EndAsync(), context.RequestAborted);
        if (!CryptographicOperations.FixedTimeEquals(digest, answered.RequestDigest))
        {
            await Problems.Problem(context, StatusCodes.Status422UnprocessableEntity, "idempotency-key-reused", "The key was used for another request",
                "This Idempotency-Key came with another method, path or body before. Use a new key for a new request.").ExecuteAsync(context);
            return;
        }

        var response = context.Response;
        response.StatusCode = answered.Answer.Status;
        response.Headers[Replayed] = "true";
        if (answered.Answer.Location is { } location)
        {
            response.Headers.Location = location;
        }

        if (answered.Answer.ContentType is { } type)
        {
            response.ContentType = type;
        }

        if (answered.Answer.Body.Length > 0)
        {
            await response.Body.WriteAsync(answered.Answer.Body, context.RequestAborted);
        }
    }
}
