using System.Net;
using System.Net.NetworkInformation;

namespace NhiGovernance.Sources.Outbound;

/// <summary>Names to addresses; a seam for tests of hostile answers.</summary>
public interface IHostResolver
{
    Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken);

    /// <summary>The addresses of this machine: public ones too are ours, and not for connectors.</summary>
    IReadOnlySet<IPAddress> Own();
}

internal sealed class SystemResolver : IHostResolver
{
    public async Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) =>
        IPAddress.TryParse(host, out var literal) ? [literal] : await System.Net.Dns.GetHostAddressesAsync(host, cancellationToken);

    public IReadOnlySet<IPAddress> Own()
    {
        try
        {
            return NetworkInterface.GetAllNetworkInterfaces()
                .SelectMany(n => n.GetIPProperties().UnicastAddresses)
                .Select(a => new IPAddress(a.Address.GetAddressBytes()))
                .ToHashSet();
        }
        catch (NetworkInformationException)
        {
            return new HashSet<IPAddress>();
        }
    }
}
