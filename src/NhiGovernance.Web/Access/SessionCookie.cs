using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Access;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Web.Access;

/// <summary>The session cookie: it ends after 8 idle hours, after 7 days however busy, and at once when the account's stamp changes.</summary>
internal static class SessionCookie
{
    public const string Name = "nhi-session";

    public static void Configure(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = Name;
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.Cookie.Path = "/";
        options.ExpireTimeSpan = SessionLimits.Idle;
        options.SlidingExpiration = true;
        options.LoginPath = "/sign-in";
        options.LogoutPath = "/sign-out";
        options.ReturnUrlParameter = "returnUrl";
        options.Events = new CookieAuthenticationEvents
        {
            OnValidatePrincipal = ValidateAsync,
            OnRedirectToLogin = context => Refuse(context, StatusCodes.Status401Unauthorized),
            OnRedirectToAccessDenied = context => Refuse(context, StatusCodes.Status403Forbidden),
        };
    }

    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        // What anybody may have, such as a style sheet, is not worth a query.
        if (context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            return;
        }

        var services = context.HttpContext.RequestServices;
        await using var db = await services.GetRequiredService<IDbContextFactory<GovernanceDb>>().CreateDbContextAsync(context.HttpContext.RequestAborted);
        var reference = context.Principal?.ToReference();
        if (reference is null
            || await services.GetRequiredService<IActors>().LoadAsync(db, reference, context.HttpContext.RequestAborted) is null)
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(SessionClaims.SessionScheme);
        }
    }

    /// <summary>Programs get a status, people a page.</summary>
    private static Task Refuse(RedirectContext<CookieAuthenticationOptions> context, int status)
    {
        var request = context.Request;
        if (request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
            || request.Path.StartsWithSegments("/_blazor", StringComparison.OrdinalIgnoreCase)
            || status == StatusCodes.Status403Forbidden)
        {
            context.Response.StatusCode = status;
            if (status == StatusCodes.Status401Unauthorized)
            {
                context.Response.Headers.WWWAuthenticate = "Bearer";
            }
        }
        else
        {
            context.Response.Redirect(context.RedirectUri);
        }

        return Task.CompletedTask;
    }
}
