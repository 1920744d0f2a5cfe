using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using NhiGovernance.Common;
using NhiGovernance.Common.Sealing;

namespace NhiGovernance.Web.Hosting;

/// <summary>The one place where an <see cref="Error"/> becomes HTTP: problem+json of RFC 9457, with the request's id.</summary>
public static class Problems
{
    private const string TypePrefix = "urn:nhi-governance:problem:";

    /// <summary>The answer for a refusal. Faults of fields come as <c>errors</c>: field name to messages.</summary>
    public static ProblemHttpResult ToProblem(this Error error, HttpContext context)
    {
        var (status, kind, title) = error switch
        {
            Error.NotFound => (StatusCodes.Status404NotFound, "not-found", "Not found"),
            Error.Invalid => (StatusCodes.Status400BadRequest, "invalid", "The request is not valid"),
            Error.Conflict => (StatusCodes.Status409Conflict, "conflict", "The state has changed"),
            Error.TooLarge => (StatusCodes.Status413PayloadTooLarge, "too-large", "Too large"),
            Error.Forbidden => (StatusCodes.Status403Forbidden, "forbidden", "Not allowed"),
            Error.Unavailable => (StatusCodes.Status503ServiceUnavailable, "unavailable", "Temporarily unavailable"),
            _ => throw new InvalidOperationException($"No status for {error.GetType().Name}."),
        };
        var more = new Dictionary<string, object?> { ["requestId"] = context.TraceIdentifier };
        if (error is Error.Invalid invalid)
        {
            more["errors"] = invalid.Faults.GroupBy(f => f.Field, StringComparer.Ordinal)
                .ToDictionary(g => g.Key, g => g.Select(f => f.Message).ToArray(), StringComparer.Ordinal);
        }

        if (error is Error.Unavailable)
        {
            context.Response.Headers.RetryAfter = "5";
        }

        return TypedResults.Problem(
            detail: error.Message, instance: context.Request.Path, statusCode: status, title: title, type: TypePrefix + kind, extensions: more);
    }

    /// <summary>A refusal that no use case made: of the protocol, not of the product.</summary>
    public static ProblemHttpResult Problem(HttpContext context, int status, string kind, string title, string detail) => TypedResults.Problem(
        detail: detail, instance: context.Request.Path, statusCode: status, title: title, type: TypePrefix + kind,
        extensions: new Dictionary<string, object?> { ["requestId"] = context.TraceIdentifier });

    /// <summary>The value as the body of a 200, or the refusal as problem+json. The types tell the document what is answered.</summary>
    public static Results<Ok<T>, ProblemHttpResult> ToHttp<T>(this Result<T> result, HttpContext context) =>
        result.IsOk ? TypedResults.Ok(result.Value) : result.Error.ToProblem(context);

    /// <summary>Another answer than a 200 with the value, or the refusal as problem+json.</summary>
    public static Results<TOk, ProblemHttpResult> ToHttp<T, TOk>(this Result<T> result, HttpContext context, Func<T, TOk> ok)
        where TOk : IResult => result.IsOk ? ok(result.Value) : result.Error.ToProblem(context);

    /// <summary>204, or the refusal as problem+json.</summary>
    public static Results<NoContent, ProblemHttpResult> ToNoContent<T>(this Result<T> result, HttpContext context) => result.ToHttp(context, _ => TypedResults.NoContent());

    /// <summary>What no endpoint answered, and what broke: problem+json below /api, without a word about the inside.</summary>
    internal static void AddProblems(this IServiceCollection services) => services.AddProblemDetails(options =>
        options.CustomizeProblemDetails = context =>
        {
            var (problem, http) = (context.ProblemDetails, context.HttpContext);
            problem.Extensions["requestId"] = http.TraceIdentifier;
            if (problem.Detail is null && Unanswered(problem.Status) is { Kind: { } kind } words)
            {
                (problem.Type, problem.Detail, problem.Instance) = (TypePrefix + kind, words.Detail, http.Request.Path);
            }
        });

    /// <summary>What the framework refused without a word: where the caller looks, and what to do.</summary>
    private static (string? Kind, string Detail) Unanswered(int? status) => status switch
    {
        StatusCodes.Status401Unauthorized => ("no-sign-in", "Send `Authorization: Bearer nhi_api_…` with a token that is neither revoked nor past its end (Settings, API tokens), or sign in."),
        StatusCodes.Status403Forbidden => ("forbidden", "Whoever asks may not do this; /api names the right that it needs."),
        StatusCodes.Status404NotFound => ("no-address", "There is nothing at this address; /api lists all that there are. An id is a UUID."),
        StatusCodes.Status405MethodNotAllowed => ("no-method", "This address takes other methods; `Allow` and /api name them."),
        StatusCodes.Status413PayloadTooLarge => ("too-large", "The request is larger than the server takes."),
        StatusCodes.Status415UnsupportedMediaType => ("not-json", "Send the body as JSON, with `Content-Type: application/json`."),
        StatusCodes.Status429TooManyRequests => ("too-many", "Too many requests in a minute. Wait as many seconds as `Retry-After` says, then ask again."),
        StatusCodes.Status500InternalServerError => ("fault", "A fault of the product. Nothing is known to have changed; the log holds more under the requestId."),
        _ => (null, string.Empty),
    };

    internal static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = error => error is KeyUnusableException ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status500InternalServerError,
        });
        app.UseWhen(IsForEyes, pages =>
        {
            pages.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
            pages.Use(async (context, next) =>
            {
                await next(context);
                if (context.Response.StatusCode != StatusCodes.Status404NotFound && context.Features.Get<IStatusCodePagesFeature>() is { } feature)
                {
                    feature.Enabled = false;
                }
            });
        });
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase), api => api.UseStatusCodePages());
    }

    /// <summary>Somebody typed an address or followed a link: an empty 404 would leave them with the browser's own page.</summary>
    private static bool IsForEyes(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method) && !context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
        && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}
