using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;

namespace NhiGovernance.Web.Hosting.Api;

/// <summary>
/// Which refusals an operation can give, from its method, its address, its body and who may ask; and the two shapes of problem+json.
/// Tests hold every answer that they get against this.
/// </summary>
internal static class ApiRefusals
{
    public const string Problem = "Problem";
    public const string FieldProblem = "FieldProblem";
    public const string Json = "application/problem+json";

    /// <summary>What has refusals of the API: /healthz and /readyz have only their own words.</summary>
    public static bool Apply(string path) =>
        path.StartsWith("api/", StringComparison.Ordinal) || path.StartsWith("hooks/", StringComparison.Ordinal);

    public static IEnumerable<(int Status, string Means)> Of(string method, string path, IReadOnlyList<object> metadata)
    {
        var (anonymous, read) = (metadata.OfType<IAllowAnonymous>().Any(), HttpMethods.IsGet(method));
        var (json, bytes) = (metadata.OfType<IAcceptsMetadata>().Any(), metadata.OfType<BodyNote>().Any());
        if (!anonymous || !bytes)
        {
            yield return (400, "Something in the request is wrong; `errors` names each field.");
        }

        yield return (401, anonymous ? "The signature does not fit." : "No token and no session, or one that does not count.");
        if (!anonymous)
        {
            yield return (403, "Whoever asks may not do this; `detail` says who may.");
        }

        if (path.Contains('{', StringComparison.Ordinal) && !anonymous)
        {
            yield return (404, "No such thing, or none that whoever asks may see.");
        }

        if (!read && !anonymous)
        {
            yield return (409, "The state has changed, the name is taken, something still hangs on it, or a request with this `Idempotency-Key` is still running.");
        }

        if (json || bytes)
        {
            yield return (413, "More bytes than are taken; `detail` says how many are.");
        }

        if (json)
        {
            yield return (415, "The body is not `application/json`.");
        }

        if (IdempotencyKeys.Counts(method) && !anonymous)
        {
            yield return (422, "This `Idempotency-Key` came with another method, address or body before.");
        }

        yield return (429, "Too many requests in a minute: the settings Access:RequestsPerMinute (each token and person) and Access:AnonymousRequestsPerMinute.");
        yield return (500, "A fault of the product. The log holds more under the `requestId`.");
        yield return (503, "Something that this needs is away, or a key cannot be used; nothing was changed.");
        foreach (var note in metadata.OfType<RefusalNote>())
        {
            yield return (note.Status, note.Means ?? "Something that the request names is not there, or whoever asks may not see it.");
        }
    }

    public static OpenApiResponse Response(int status, string means, ApiSchemas schemas)
    {
        var response = new OpenApiResponse
        {
            Description = means,
            Content = new Dictionary<string, OpenApiMediaType> { [Json] = new() { Schema = schemas.Refer(status == 400 ? FieldProblem : Problem) } },
        };
        if (status is 429 or 503 or 409)
        {
            response.Headers = new Dictionary<string, IOpenApiHeader>
            {
                ["Retry-After"] = new OpenApiHeader
                {
                    Description = status == 409 ? "Seconds to wait; only when a request with this `Idempotency-Key` is still running." : "Seconds to wait before asking again.",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1" },
                },
            };
        }

        return response;
    }

    /// <summary>What an answer says for eyes: its words, those of its headers and of its body.</summary>
    public static string Means(IOpenApiResponse answer) =>
        answer.Description + string.Concat((answer.Headers ?? new Dictionary<string, IOpenApiHeader>()).Select(h => $" `{h.Key}`: {h.Value.Description}"))
        + (answer.Content?.Values.FirstOrDefault()?.Schema is OpenApiSchema { Description: { } says } ? " " + says : string.Empty);

    /// <summary>The two shapes, as <see cref="Problems"/> writes them.</summary>
    public static void AddShapes(ApiSchemas schemas)
    {
        schemas.All[Problem] = Shape("Why a request was refused (RFC 9457).", "`urn:nhi-governance:problem:` and one word: not-found, invalid, conflict, too-large, forbidden, unavailable, idempotency-key-reused, in-flight, answer-lost, …");
        var fields = Shape("A request that is not valid, with every fault of it at once (RFC 9457).", "`urn:nhi-governance:problem:invalid`.");
        fields.Properties!["errors"] = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = "By the name of the field, as the request has it: what is wrong with it and what to write. \"\" is the request as a whole.",
            AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
        };
        fields.Required!.Add("errors");
        schemas.All[FieldProblem] = fields;
    }

    private static OpenApiSchema Shape(string says, string type) => new()
    {
        Type = JsonSchemaType.Object,
        Description = says,
        Required = new HashSet<string> { "type", "title", "status", "detail", "requestId" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = Text(type),
            ["title"] = Text("The kind of refusal in words; the same for every refusal of this type."),
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Description = "The HTTP status." },
            ["detail"] = Text("What is wrong here, and what to do."),
            ["instance"] = Text("The address that was asked."),
            ["requestId"] = Text("Names this request in the audit log and in the product's log."),
            ["traceId"] = Text("Names the trace, where traces are collected."),
        },
    };

    private static OpenApiSchema Text(string says) => new() { Type = JsonSchemaType.String, Description = says };
}
