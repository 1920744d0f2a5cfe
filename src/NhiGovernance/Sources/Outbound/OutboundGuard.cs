using System.Net;
using System.Net.Sockets;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Outbound;

/// <summary>Decides where the product may go. <see cref="GuardedHttp"/> asks it before each connection.</summary>
public sealed class OutboundGuard(OutboundOptions options, IHostResolver resolver) : IOutboundGuard
{
    public void CheckAddress(Uri address)
    {
        if (!address.IsAbsoluteUri)
        {
            throw new OutboundRefusedException("The address must start with https://.");
        }

        if (address.UserInfo.Length > 0)
        {
            throw new OutboundRefusedException("The address must not hold a user name or password; credentials have their own fields.");
        }

        var host = Host(address.IdnHost);
        var port = address.Port;
        switch (address.Scheme)
        {
            case "https":
                break;
            case "http" when Names(options.AllowHttpHosts, host, port):
                break;
            case "http":
                throw new OutboundRefusedException(
                    $"Plain http to {host} is refused: a credential would be readable on the way. Use https, or name the host in Sources:AllowHttpHosts.");
            case "ssh":
                break;
            default:
                throw new OutboundRefusedException($"The scheme \"{address.Scheme}\" is refused; use https.");
        }

        CheckHost(host);
        CheckPort(host, port < 0 && address.Scheme == "ssh" ? 22 : port, address.Scheme);
    }

    public async Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, int port, CancellationToken cancellationToken)
    {
        host = Host(host);
        CheckHost(host);
        IReadOnlyList<IPAddress> addresses;
        try
        {
            addresses = await resolver.ResolveAsync(host, cancellationToken);
        }
        catch (SocketException)
        {
            throw new OutboundRefusedException($"The name {host} could not be resolved. Check its spelling and this machine's DNS.");
        }

        if (addresses.Count == 0)
        {
            throw new OutboundRefusedException($"The name {host} has no address.");
        }

        var own = resolver.Own();
        foreach (var address in addresses)
        {
            Check(host, port, address, own);
        }

        return addresses;
    }

    private void Check(string host, int port, IPAddress address, IReadOnlySet<IPAddress> own)
    {
        var kind = AddressClasses.Of(address);
        if (kind == AddressClass.Never)
        {
            throw new OutboundRefusedException($"{host} resolves to {address}, which no source may reach (metadata service, multicast or reserved).");
        }

        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : new IPAddress(address.GetAddressBytes());
        if ((kind == AddressClass.Private || own.Contains(plain)) && !Names(options.AllowPrivateHosts, host, port))
        {
            throw new OutboundRefusedException(
                $"{host} resolves to {address}, a private or local address. If that is meant, an Admin names the host in Sources:AllowPrivateHosts.");
        }
    }

    private void CheckHost(string host)
    {
        if (options.AllowHosts.Count > 0 && !Names(OutboundOptions.KnownHosts, host, -1)
            && !Names(options.AllowHosts, host, -1) && !Names(options.AllowPrivateHosts, host, -1))
        {
            throw new OutboundRefusedException($"{host} is not on the list of hosts. An Admin adds it to Sources:AllowHosts.");
        }
    }

    private void CheckPort(string host, int port, string scheme)
    {
        var usual = scheme switch { "https" => 443, "http" => 80, _ => 22 };
        if (port != usual && !NamesPort(host, port))
        {
            throw new OutboundRefusedException(
                $"Port {port} of {host} is refused. An Admin allows it by the entry {host}:{port} in Sources:AllowHosts or Sources:AllowPrivateHosts.");
        }
    }

    private bool NamesPort(string host, int port) =>
        options.AllowHosts.Concat(options.AllowPrivateHosts).Concat(options.AllowHttpHosts).Contains($"{host}:{port}", StringComparer.Ordinal);

    /// <summary>True when an entry names the host. Port -1: with whatever port; else with no port or this one.</summary>
    private static bool Names(IReadOnlyList<string> list, string host, int port)
    {
        foreach (var entry in list)
        {
            if (entry == host
                || (entry.StartsWith(host + ":", StringComparison.Ordinal) && (port < 0 || entry == $"{host}:{port}")))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Lower case, no brackets. A trailing dot names the same host by another spelling, so lists would not match: refused.</summary>
    private static string Host(string host)
    {
        var name = host.Trim('[', ']').ToLowerInvariant();
        if (name.Length == 0 || name.EndsWith('.'))
        {
            throw new OutboundRefusedException("The host name must not be empty or end with a dot.");
        }

        return name;
    }
}
