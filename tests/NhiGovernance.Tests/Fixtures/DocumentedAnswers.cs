using System.Text.Json;

namespace NhiGovernance.Tests.Fixtures;

/// <summary>
/// Holds every answer of the API that any test gets against the API's document; so whatever a test provokes, a fault, a conflict, an
/// upload that is too large, also proves that the document says it.
/// </summary>
internal sealed class DocumentedAnswers(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private readonly SemaphoreSlim _one = new(1);
    private ApiContract? _contract;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await base.SendAsync(request, cancellationToken);
        var path = request.RequestUri!.AbsolutePath;

        // NUL in the path itself never reaches the application: the server refuses it without a word.
        if (path.Contains("%00", StringComparison.Ordinal) || (!path.StartsWith("/api/v1/", StringComparison.Ordinal) && !path.StartsWith("/hooks/", StringComparison.Ordinal)))
        {
            return answer;
        }

        var contract = await ContractAsync(request.RequestUri, cancellationToken);
        if (contract.Find(request.Method.Method, path) is not { } operation)
        {
            return answer;
        }

        // A file is read by the test, as it comes.
        var type = answer.Content.Headers.ContentType?.MediaType;
        var text = type is null || type.EndsWith("/json", StringComparison.Ordinal) || type.EndsWith("+json", StringComparison.Ordinal) ? await ReadAsync(answer, cancellationToken) : null;
        contract.Faults(operation, (int)answer.StatusCode, type, text).ShouldBeEmpty($"{request.Method} {path} answered otherwise than /openapi/v1.json says: {text}");
        return answer;
    }

    private static async Task<string> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        await answer.Content.LoadIntoBufferAsync(cancellationToken);
        return await answer.Content.ReadAsStringAsync(cancellationToken);
    }

    private async Task<ApiContract> ContractAsync(Uri address, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_contract is null)
            {
                using var asked = new HttpRequestMessage(HttpMethod.Get, new Uri(address, "/openapi/v1.json"));
                using var document = await base.SendAsync(asked, cancellationToken);
                _contract = new ApiContract(JsonDocument.Parse(await document.Content.ReadAsStringAsync(cancellationToken)));
            }

            return _contract;
        }
        finally
        {
            _one.Release();
        }
    }

    protected override void Dispose(bool disposing)
    {
        _one.Dispose();
        base.Dispose(disposing);
    }
}
