using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using NhiGovernance.Common.Sealing;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Outbound;

namespace NhiGovernance.Sources.Runs;

/// <summary>One plain sentence for an exception of a connector. Vendors' bodies and unknown messages are never shown: they may hold anything.</summary>
public static class ReadFailure
{
    public static string Sentence(Exception error) => error switch
    {
        ConnectorException or OutboundRefusedException or TlsRefusedException or KeyUnusableException or SealBrokenException => error.Message,
        HttpRequestException http => Http(http),
        OperationCanceledException or TimeoutException => "The source did not answer in time.",
        SocketException => "The connection failed.",
        JsonException => "The source answered with something that is not the JSON it promises.",
        IOException => "The connection broke off half-way.",
        UnauthorizedAccessException => "A file or folder of this source may not be read by this process.",
        _ => $"An unexpected fault of ours ({error.GetType().Name}). The log says more.",
    };

    private static string Http(HttpRequestException error) => error.StatusCode switch
    {
        HttpStatusCode.Unauthorized => "The source refused the credential (401). Enter a new one.",
        HttpStatusCode.Forbidden => "The credential may not do this (403). Check its permissions.",
        HttpStatusCode.NotFound => "The source has no such place, or hides it from this credential (404).",
        HttpStatusCode.TooManyRequests => "The source's limit is used up (429). The next run tries again.",
        >= HttpStatusCode.InternalServerError => $"The source has a fault of its own ({(int)error.StatusCode.Value}). The next run tries again.",
        { } status => $"The source answered with status {(int)status}.",
        null => error.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => "The source's name could not be resolved.",
            HttpRequestError.SecureConnectionError => "TLS error: no secure connection could be made.",
            HttpRequestError.ConfigurationLimitExceeded => error.Message,
            HttpRequestError.ResponseEnded => "The source's answer broke off half-way or came too slowly.",
            HttpRequestError.ConnectionError => "The source could not be reached.",
            _ => "The connection failed.",
        },
    };
}
