using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using NhiGovernance.Web.Hosting;

namespace NhiGovernance.Web.Access;

/// <summary>
/// <c>Access:KnownProxies</c>: addresses or networks, with commas, whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> count. Unset:
/// nobody's do, so that a sender cannot choose the address by which it is limited and logged. The proxy keeps the Host header.
/// </summary>
internal static class KnownProxies
{
    public const string Key = "Access:KnownProxies";

    /// <summary>Null when none is named.</summary>
    /// <exception cref="SettingException">An entry is neither an address nor a network.</exception>
    public static ForwardedHeadersOptions? From(IConfiguration configuration)
    {
        var entries = (configuration[Key] ?? string.Empty).Split([',', ' ', ';'], StringSplitOptions.RemoveEmptyEntries);
        if (entries.Length == 0)
        {
            return null;
        }

        // No limit of hops: the walk from the nearest proxy outwards ends at the first address that is not known.
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var entry in entries)
        {
            if (System.Net.IPNetwork.TryParse(entry, out var network))
            {
                options.KnownIPNetworks.Add(network);
            }
            else if (IPAddress.TryParse(entry, out var address))
            {
                options.KnownProxies.Add(address);
            }
            else
            {
                throw new SettingException(Key, $"\"{entry}\" is neither an address nor a network such as 10.0.0.0/8");
            }
        }

        return options;
    }
}
