using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Outbound;

/// <summary>
/// Holds a client to its host. This is what saves a credential from a hostile <c>Link</c> header: a request for another
/// host never leaves, and so neither does its Authorization header.
/// </summary>
internal sealed class OneHostHandler(Uri home, OutboundOptions options, TlsCheck tls, TimeProvider clock) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var target = request.RequestUri;
        if (target is null || !target.IsAbsoluteUri || target.Scheme != home.Scheme || target.Port != home.Port || target.UserInfo.Length > 0
            || !string.Equals(target.IdnHost, home.IdnHost, StringComparison.OrdinalIgnoreCase))
        {
            throw new OutboundRefusedException($"A request left {home.IdnHost} for another host ({target?.IdnHost}); it was not sent.");
        }

        // The Host header would reach another site of the same server.
        request.Headers.Host = null;
        HttpResponseMessage response;
        try
        {
            response = await base.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException error) when (Unwrap<OutboundRefusedException>(error) is { } refused)
        {
            throw new OutboundRefusedException(refused.Message);
        }
        catch (HttpRequestException error) when (error.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            throw new TlsRefusedException(tls.Refusal ?? $"TLS error: {home.IdnHost} and this machine could not agree on a secure connection.", error);
        }

        if (response.Content.Headers.ContentLength > options.MaxAnswerBytes)
        {
            response.Dispose();
            throw CappedStream.TooLong(home.IdnHost, options.MaxAnswerBytes);
        }

        response.Content = new CappedContent(response.Content, home.IdnHost, options, clock);
        return response;
    }

    private static T? Unwrap<T>(Exception? error) where T : Exception
    {
        for (; error is not null; error = error.InnerException)
        {
            if (error is T found)
            {
                return found;
            }
        }

        return null;
    }
}
