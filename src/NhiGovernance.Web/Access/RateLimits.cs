using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using NhiGovernance.Web.Hosting;

namespace NhiGovernance.Web.Access;

/// <summary>
/// How often one may ask: sign-in by address, the API by token, whoever has no token by address. Counted by each process on its
/// own, so n web nodes allow n times as much. Settings: <c>Access:SignInsPerMinute</c>, <c>Access:RequestsPerMinute</c>,
/// <c>Access:AnonymousRequestsPerMinute</c>.
/// </summary>
internal static class RateLimits
{
    public static void Configure(RateLimiterOptions options, IConfiguration configuration)
    {
        var signIns = configuration.GetValue("Access:SignInsPerMinute", 20);
        var requests = configuration.GetValue("Access:RequestsPerMinute", 60_000);
        var anonymous = configuration.GetValue("Access:AnonymousRequestsPerMinute", 300);
        var hooks = 10 * configuration.GetValue("Sources:WebhooksPerMinute", 600);
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
        {
            var path = context.Request.Path;
            if (HttpMethods.IsPost(context.Request.Method)
                && (path.StartsWithSegments("/sign-in", StringComparison.OrdinalIgnoreCase) || path.StartsWithSegments("/account", StringComparison.OrdinalIgnoreCase)))
            {
                return Window("sign-in " + Address(context), signIns);
            }

            // Each source has a limit of its own; this one is for a sender who invents sources.
            if (path.StartsWithSegments("/hooks", StringComparison.OrdinalIgnoreCase) || path.StartsWithSegments("/api/v1/hooks", StringComparison.OrdinalIgnoreCase))
            {
                return Window("hooks " + Address(context), hooks);
            }

            if (!path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
            {
                return RateLimitPartition.GetNoLimiter("pages");
            }

            return context.User.ToReference() is { } who
                ? Window("actor " + who.Id.ToString("N"), requests)
                : Window("anonymous " + Address(context), anonymous);
        });
        options.OnRejected = async (rejected, cancellationToken) =>
        {
            var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromMinutes(1);
            var response = rejected.HttpContext.Response;
            response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            var path = rejected.HttpContext.Request.Path;
            if (path.StartsWithSegments("/hooks", StringComparison.OrdinalIgnoreCase))
            {
                await Problems.Problem(rejected.HttpContext, StatusCodes.Status429TooManyRequests, "too-many", "Too many requests",
                    "Too many webhooks in a minute: the setting Sources:WebhooksPerMinute. GitHub can send this one again.").ExecuteAsync(rejected.HttpContext);
            }
            else if (!path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
            {
                response.ContentType = "text/plain; charset=utf-8";
                await response.WriteAsync("Too many tries. Wait a minute, then try again.", cancellationToken);
            }
        };
    }

    private static RateLimitPartition<string> Window(string key, int perMinute) => RateLimitPartition.GetSlidingWindowLimiter(
        key, _ => new SlidingWindowRateLimiterOptions { PermitLimit = perMinute, Window = TimeSpan.FromMinutes(1), SegmentsPerWindow = 6, QueueLimit = 0 });

    /// <summary>An IPv6 customer has a whole /64, so that is what counts.</summary>
    private static string Address(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is not { } address)
        {
            return "unknown";
        }

        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var bytes = address.GetAddressBytes();
        return bytes.Length == 16 ? new IPAddress([.. bytes.AsSpan(0, 8), .. new byte[8]]).ToString() : address.ToString();
    }
}
