namespace NhiGovernance.Sources.Contract;

/// <summary>
/// The only way out. Makes clients that are bound to one host: https (http only where an Admin allowed the host), the host
/// on the allow-list, every resolved address checked and the checked one connected to, no redirects, no proxy from the
/// environment, size and time caps. A request to another host than the client's throws before anything is sent.
/// </summary>
public interface IGuardedHttp
{
    /// <summary>The caller disposes the client at the end of its test or read.</summary>
    /// <exception cref="OutboundRefusedException">The address is not allowed; the message says which rule and which setting.</exception>
    HttpClient CreateClient(Uri baseAddress);
}

/// <summary>The guard said no. The message is plain and safe to show.</summary>
public sealed class OutboundRefusedException(string message) : Exception(message);
