using System.Net;

namespace NhiGovernance.Sources.Contract;

/// <summary>
/// The same check that <see cref="IGuardedHttp"/> makes, for connectors that go out by a program (<c>git</c>). The program
/// must be pinned to one of the addresses that came back, or the name could answer differently the second time.
/// </summary>
public interface IOutboundGuard
{
    /// <summary>Scheme, user info, port and host list; nothing is resolved and nothing is sent.</summary>
    /// <exception cref="OutboundRefusedException">Says which rule, and which setting allows it.</exception>
    void CheckAddress(Uri address);

    /// <summary>Resolves the host once and checks every address that came back: one that is refused refuses them all.</summary>
    /// <exception cref="OutboundRefusedException">Says which rule, and which setting allows it.</exception>
    Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, int port, CancellationToken cancellationToken);
}
