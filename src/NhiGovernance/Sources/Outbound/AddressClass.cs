using System.Net;
using System.Net.Sockets;

namespace NhiGovernance.Sources.Outbound;

internal enum AddressClass
{
    Public,

    /// <summary>Private, loopback, link-local or shared: only for hosts that <c>Sources:AllowPrivateHosts</c> names.</summary>
    Private,

    /// <summary>A cloud's metadata service, multicast, unspecified, reserved: never, whatever is allowed.</summary>
    Never,
}

/// <summary>Sorts addresses by the registries of special-purpose addresses (RFC 6890 and IANA's lists). Pure.</summary>
internal static class AddressClasses
{
    private static readonly (IPNetwork Network, AddressClass Class)[] Ranges =
    [
        // Metadata first: they lie inside wider ranges.
        (IPNetwork.Parse("169.254.169.254/32"), AddressClass.Never),
        (IPNetwork.Parse("169.254.170.0/24"), AddressClass.Never),
        (IPNetwork.Parse("168.63.129.16/32"), AddressClass.Never),
        (IPNetwork.Parse("100.100.100.200/32"), AddressClass.Never),
        (IPNetwork.Parse("fd00:ec2::/32"), AddressClass.Never),
        (IPNetwork.Parse("fd20:ce::254/128"), AddressClass.Never),
        (IPNetwork.Parse("0.0.0.0/8"), AddressClass.Never),
        (IPNetwork.Parse("192.0.0.0/24"), AddressClass.Never),
        (IPNetwork.Parse("192.0.2.0/24"), AddressClass.Never),
        (IPNetwork.Parse("192.88.99.0/24"), AddressClass.Never),
        (IPNetwork.Parse("198.51.100.0/24"), AddressClass.Never),
        (IPNetwork.Parse("203.0.113.0/24"), AddressClass.Never),
        (IPNetwork.Parse("224.0.0.0/4"), AddressClass.Never),
        (IPNetwork.Parse("240.0.0.0/4"), AddressClass.Never),
        (IPNetwork.Parse("::/128"), AddressClass.Never),
        (IPNetwork.Parse("100::/64"), AddressClass.Never),
        (IPNetwork.Parse("2001::/23"), AddressClass.Never),
        (IPNetwork.Parse("2001:db8::/32"), AddressClass.Never),
        (IPNetwork.Parse("3fff::/20"), AddressClass.Never),
        (IPNetwork.Parse("5f00::/16"), AddressClass.Never),
        (IPNetwork.Parse("fec0::/10"), AddressClass.Never),
        (IPNetwork.Parse("ff00::/8"), AddressClass.Never),
        (IPNetwork.Parse("10.0.0.0/8"), AddressClass.Private),
        (IPNetwork.Parse("100.64.0.0/10"), AddressClass.Private),
        (IPNetwork.Parse("127.0.0.0/8"), AddressClass.Private),
        (IPNetwork.Parse("169.254.0.0/16"), AddressClass.Private),
        (IPNetwork.Parse("172.16.0.0/12"), AddressClass.Private),
        (IPNetwork.Parse("192.168.0.0/16"), AddressClass.Private),
        (IPNetwork.Parse("198.18.0.0/15"), AddressClass.Private),
        (IPNetwork.Parse("::1/128"), AddressClass.Private),
        (IPNetwork.Parse("64:ff9b:1::/48"), AddressClass.Private),
        (IPNetwork.Parse("fc00::/7"), AddressClass.Private),
        (IPNetwork.Parse("fe80::/10"), AddressClass.Private),
    ];

    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");
    private static readonly IPNetwork Compatible = IPNetwork.Parse("::/96");

    public static AddressClass Of(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            // A scope id would make an address of this link look like another one.
            address = new IPAddress(address.GetAddressBytes());
            if (Embedded(address) is { } inner)
            {
                return Of(inner);
            }
        }

        foreach (var (network, kind) in Ranges)
        {
            if (network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address))
            {
                return kind;
            }
        }

        return AddressClass.Public;
    }

    /// <summary>The version 4 address that a version 6 address stands for.</summary>
    private static IPAddress? Embedded(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        if (address.IsIPv4MappedToIPv6 || Nat64.Contains(address))
        {
            return new IPAddress(bytes.AsSpan(12, 4));
        }

        if (SixToFour.Contains(address))
        {
            return new IPAddress(bytes.AsSpan(2, 4));
        }

        // ::/96 is the old "compatible" form; :: and ::1 have meanings of their own.
        return Compatible.Contains(address) && bytes.AsSpan(12, 3).IndexOfAnyExcept((byte)0) >= 0
            ? new IPAddress(bytes.AsSpan(12, 4))
            : null;
    }
}
