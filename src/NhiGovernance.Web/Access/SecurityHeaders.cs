namespace NhiGovernance.Web.Access;

/// <summary>
/// The headers of every answer, errors included, and the cookies' <c>__Host-</c> prefix on https. Outermost in the pipeline.
/// </summary>
internal sealed class SecurityHeaders(IConfiguration configuration) : IStartupFilter
{
    /// <summary>Scripts and style sheets are our own files. Style attributes are allowed: bars and skeletons take their lengths from them.</summary>
    public const string ContentSecurityPolicy =
        "default-src 'self'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        + "object-src 'none'; base-uri 'self'; frame-ancestors 'none'; form-action 'self'";

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        if (KnownProxies.From(configuration) is { } proxies)
        {
            app.UseForwardedHeaders(proxies);
        }

        app.Use(Apply);
        app.Use(HostCookies.Apply);
        next(app);
    };

    private static Task Apply(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(static state =>
        {
            Set((HttpContext)state);
            return Task.CompletedTask;
        }, context);
        return next(context);
    }

    private static void Set(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = context.Request.Path.StartsWithSegments("/sign-in", StringComparison.OrdinalIgnoreCase) ? "no-referrer" : "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (context.Request.IsHttps)
        {
            headers.StrictTransportSecurity = "max-age=63072000; includeSubDomains";
        }

        // Assets say themselves how long they keep; everything else is somebody's data.
        if (headers.CacheControl.Count == 0 || !IsAsset(context))
        {
            headers.CacheControl = "no-store";
        }
    }

    private static bool IsAsset(HttpContext context) =>
        context.GetEndpoint()?.Metadata.Any(m => m.GetType().Name == "StaticAssetDescriptor") == true;
}

/// <summary>
/// On https our cookies are called <c>__Host-…</c>, which browsers set only for this host, this path and secure connections; on
/// plain http (the machine itself) browsers refuse that name. Names are translated here, so that nothing else has to know.
/// </summary>
internal static class HostCookies
{
    public const string Antiforgery = "nhi-form";

    private const string Prefix = "__Host-";

    private static readonly string[] Ours = [SessionCookie.Name, Antiforgery];

    public static Task Apply(HttpContext context, RequestDelegate next)
    {
        if (!context.Request.IsHttps)
        {
            return next(context);
        }

        var sent = context.Request.Headers.Cookie.ToString();
        if (sent.Length > 0)
        {
            // A cookie without the prefix may have been set by a neighbour host: it is not ours.
            context.Request.Headers.Cookie = string.Join("; ", sent.Split(';', StringSplitOptions.TrimEntries)
                .Where(c => !IsOurs(c)).Select(c => c.StartsWith(Prefix, StringComparison.Ordinal) && IsOurs(c[Prefix.Length..]) ? c[Prefix.Length..] : c));
        }

        context.Response.OnStarting(static state =>
        {
            var headers = ((HttpContext)state).Response.Headers;
            headers.SetCookie = headers.SetCookie.Select(c => c is not null && IsOurs(c) ? Prefix + c : c).ToArray();
            return Task.CompletedTask;
        }, context);
        return next(context);
    }

    private static bool IsOurs(string cookie) => Ours.Any(o => cookie.StartsWith(o, StringComparison.Ordinal));
}
