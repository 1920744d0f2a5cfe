using Microsoft.AspNetCore.Diagnostics;
using NhiGovernance.Common;
using NhiGovernance.Common.Sealing;

namespace NhiGovernance.Web.Hosting;

/// <summary>The one place where an <see cref="Error"/> becomes HTTP: problem+json of RFC 9457, with the request's id.</summary>
public static class Problems
{
    private const string TypePrefix = "urn:nhi-governance:problem:";

    /// <summary>The answer for a refusal. Faults of fields come as <c>errors</c>: field name to messages.</summary>
    public static IResult ToProblem(this Error error, HttpContext context)
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

        return Results.Problem(
            detail: error.Message, instance: context.Request.Path, statusCode: status, title: title, type: TypePrefix + kind, extensions: more);
    }

    /// <summary>A refusal that no use case made: of the protocol, not of the product.</summary>
    public static IResult Problem(HttpContext context, int status, string kind, string title, string detail) => Results.Problem(
        detail: detail, instance: context.Request.Path, statusCode: status, title: title, type: TypePrefix + kind,
        extensions: new Dictionary<string, object?> { ["requestId"] = context.TraceIdentifier });

    /// <summary>The value as an answer, or the refusal as problem+json.</summary>
    public static IResult ToHttp<T>(this Result<T> result, HttpContext context, Func<T, IResult>? ok = null) => result.IsOk
        ? ok is null ? Results.Json(result.Value) : ok(result.Value)
        : result.Error.ToProblem(context);

    /// <summary>What no endpoint answered, and what broke: problem+json below /api, without a word about the inside.</summary>
    internal static void AddProblems(this IServiceCollection services) => services.AddProblemDetails(options =>
        options.CustomizeProblemDetails = problem => problem.ProblemDetails.Extensions["requestId"] = problem.HttpContext.TraceIdentifier);

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
