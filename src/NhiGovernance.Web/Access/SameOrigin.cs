using Microsoft.AspNetCore.Http.Extensions;
using NhiGovernance.Common;
using NhiGovernance.Web.Hosting;

namespace NhiGovernance.Web.Access;

/// <summary>
/// Cross-site requests that carry a session end here: the circuit's door (browsers do not hold WebSockets to one origin), and
/// changes through the API by cookie. A token is never sent by a browser on its own, so it is not asked for an origin.
/// </summary>
internal static class SameOrigin
{
    public static async Task Apply(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        var refused = request.Path.StartsWithSegments("/_blazor", StringComparison.OrdinalIgnoreCase)
            ? IsForeign(request, mustSay: context.WebSockets.IsWebSocketRequest)
            : request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
                && !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !HttpMethods.IsOptions(request.Method)
                && context.User.Identity?.AuthenticationType == SessionClaims.SessionScheme
                && IsForeign(request, mustSay: true);
        if (!refused)
        {
            await next(context);
            return;
        }

        var answer = new Error.Forbidden("This request did not come from this product's own pages.").ToProblem(context);
        await answer.ExecuteAsync(context);
    }

    private static bool IsForeign(HttpRequest request, bool mustSay)
    {
        var origin = request.Headers.Origin.ToString();
        if (origin.Length == 0)
        {
            return mustSay && request.Headers["Sec-Fetch-Site"] != "same-origin";
        }

        return !string.Equals(origin, UriHelper.BuildAbsolute(request.Scheme, request.Host).TrimEnd('/'), StringComparison.OrdinalIgnoreCase);
    }
}
