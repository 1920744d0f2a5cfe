using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.OpenApi;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Web.Hosting.Api;

/// <summary>
/// One operation, from what is mapped: its handler's return type says what it answers, its use case says what it does and who may, its
/// body's type what it takes. So a new endpoint is in the document on the day it is added.
/// </summary>
internal sealed class ApiOperations(ApiSchemas schemas, XmlDocs docs, OpenApiDocument document, IServiceProvider services)
{
    public void Describe(OpenApiOperation operation, ApiDescription endpoint)
    {
        var metadata = endpoint.ActionDescriptor.EndpointMetadata.ToList();
        var (method, path) = (endpoint.HttpMethod ?? "GET", endpoint.RelativePath!);
        var useCases = metadata.OfType<MethodInfo>().SelectMany(m => m.GetParameters()).SelectMany(p => UseCasesOf(p.ParameterType)).Distinct().ToList();
        var anonymous = metadata.OfType<IAllowAnonymous>().Any();
        operation.OperationId = IdOf(method, path);
        operation.Summary ??= useCases.Count == 0 ? path : Sentence(useCases[0].Name);
        operation.Deprecated = metadata.OfType<ObsoleteAttribute>().Any();
        operation.Description = string.Join("\n\n", new[]
        {
            operation.Description ?? (useCases.Count == 0 ? null : docs.Of(Speaker(metadata, useCases))), anonymous ? string.Empty : Rights(operation, useCases),
        }.Where(t => !string.IsNullOrEmpty(t)));
        operation.Security = anonymous ? [] : [Needs(ApiDocument.Bearer, ScopeOf(useCases)), Needs(ApiDocument.Session, null)];
        Parameters(operation, endpoint, metadata, useCases);
        if (IdempotencyKeys.Counts(method) && !anonymous)
        {
            operation.Parameters!.Add(Header(
                IdempotencyKeys.Header, "Visible ASCII, such as a UUID. The same key with the same request gives the first success again, for a day, and has one effect.", false,
                new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = IdempotencyKeys.LongestKey }));
        }

        Body(operation, metadata);
        Responses(operation, metadata, method, path, anonymous);
    }

    private void Parameters(OpenApiOperation operation, ApiDescription endpoint, List<object> metadata, List<Type> useCases)
    {
        operation.Parameters ??= [];
        foreach (var parameter in operation.Parameters.OfType<OpenApiParameter>())
        {
            var found = endpoint.ParameterDescriptions.First(p => string.Equals(p.Name, parameter.Name, StringComparison.OrdinalIgnoreCase));
            parameter.Name = JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!);
            parameter.Description = parameter.Description is { Length: > 0 } said ? said : ApiParameters.Says(parameter.Name, useCases, docs);
            var type = Nullable.GetUnderlyingType(found.Type) ?? found.Type;
            parameter.Schema = schemas.Of(type, read: true);
            ApiParameters.Limit(parameter);
        }

        foreach (var note in metadata.OfType<QueryNote>())
        {
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = note.Name, In = ParameterLocation.Query, Description = note.Says, Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            });
        }

        foreach (var note in metadata.OfType<HeaderNote>())
        {
            operation.Parameters.Add(Header(note.Name, note.Says, note.Required, new OpenApiSchema { Type = JsonSchemaType.String }));
        }
    }

    private void Body(OpenApiOperation operation, List<object> metadata)
    {
        if (metadata.OfType<BodyNote>().LastOrDefault() is { } bytes)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Description = bytes.Says,
                Content = bytes.ContentTypes.ToDictionary(t => t, _ => new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } }),
            };
        }
        else if (metadata.OfType<IAcceptsMetadata>().LastOrDefault() is { RequestType: { } type } accepts)
        {
            var schema = schemas.Of(type, read: true);
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = !accepts.IsOptional,
                Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = schema, Example = ApiSamples.Of(schema, schemas) } },
            };
        }
    }

    private void Responses(OpenApiOperation operation, List<object> metadata, string method, string path, bool anonymous)
    {
        operation.Responses = [];
        foreach (var answer in metadata.OfType<IProducesResponseTypeMetadata>().DistinctBy(p => p.StatusCode))
        {
            operation.Responses[Code(answer.StatusCode)] = Answer(answer, metadata, IdempotencyKeys.Counts(method) && !anonymous);
        }

        if (ApiRefusals.Apply(path))
        {
            foreach (var (status, means) in ApiRefusals.Of(method, path, metadata))
            {
                operation.Responses[Code(status)] = ApiRefusals.Response(status, means, schemas);
            }
        }
    }

    private OpenApiResponse Answer(IProducesResponseTypeMetadata answer, List<object> metadata, bool replays)
    {
        var response = new OpenApiResponse { Description = Means(answer.StatusCode), Headers = new Dictionary<string, IOpenApiHeader>() };
        if (answer.StatusCode is 201 or 202 && metadata.OfType<NoPlaceNote>().FirstOrDefault() is null)
        {
            response.Headers["Location"] = new OpenApiHeader
            {
                Description = answer.StatusCode == 201 ? "Where what was made is read." : "Where to see how it goes.", Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uri-reference" },
            };
        }

        if (replays)
        {
            response.Headers[IdempotencyKeys.Replayed] = new OpenApiHeader
            {
                Description = "`true` when this is the kept answer to an earlier request with the same `Idempotency-Key`.", Schema = new OpenApiSchema { Type = JsonSchemaType.String, Enum = ["true"] },
            };
        }

        if (metadata.OfType<DownloadNote>().LastOrDefault() is { } file && answer.StatusCode == 200)
        {
            var says = file.Line is { } line ? $"{file.Says} Each line is one `{((OpenApiSchemaReference)schemas.Of(line, read: false)).Reference.Id}`." : file.Says;
            response.Content = Of(file.ContentType, new OpenApiSchema { Type = JsonSchemaType.String, Description = says });
        }
        else if (answer.Type is { } type && type != typeof(void) && answer.StatusCode != 204)
        {
            var schema = schemas.Of(type, read: false);
            response.Content = Of(answer.ContentTypes.FirstOrDefault() ?? "application/json", schema);
            response.Content.Values.First().Example = type == typeof(string) ? null : ApiSamples.Of(schema, schemas);
        }

        return response;
    }

    private string Rights(OpenApiOperation operation, List<Type> useCases)
    {
        using var scope = services.CreateScope();
        if (useCases.Count == 0)
        {
            return "Any person who is signed in.";
        }

        var permission = ((IUseCase)scope.ServiceProvider.GetRequiredService(useCases[0])).Permission;
        var roles = permission.Roles == Role.Anyone ? "any role" : permission.Roles.ToString();
        operation.Extensions ??= new Dictionary<string, IOpenApiExtension>();
        operation.Extensions[ApiDocument.ScopeKey] = new JsonNodeExtension(permission.Scope ?? "person");
        operation.Extensions[ApiDocument.RolesKey] = new JsonNodeExtension(roles);
        var token = permission.Scope is null ? "No token may" : $"Scope `{permission.Scope}`";
        var teams = permission.ByTeam ? " Whoever does not see all sees what their teams answer for." : string.Empty;
        return $"Rights: {token}; people with {roles}{(permission.RecentSignIn ? ", signed in within the last 15 minutes" : string.Empty)}.{teams}";
    }

    private string? ScopeOf(List<Type> useCases)
    {
        using var scope = services.CreateScope();
        return useCases.Count == 0 ? null : ((IUseCase)scope.ServiceProvider.GetRequiredService(useCases[0])).Permission.Scope;
    }

    private OpenApiSecurityRequirement Needs(string scheme, string? scope) =>
        new() { [new OpenApiSecuritySchemeReference(scheme, document)] = scope is null ? [] : [scope] };

    /// <summary>The composed use case itself where there is one: it says more than its first part.</summary>
    private static Type Speaker(List<object> metadata, List<Type> useCases) => metadata.OfType<MethodInfo>().SelectMany(m => m.GetParameters()).Select(p => p.ParameterType)
        .FirstOrDefault(t => t == useCases[0] || UseCasesOf(t).Contains(useCases[0])) ?? useCases[0];

    /// <summary>The use case itself, or those of which a composed one is made.</summary>
    private static IEnumerable<Type> UseCasesOf(Type type) =>
        typeof(IUseCase).IsAssignableFrom(type) ? [type]
        : type.Assembly == typeof(IUseCase).Assembly && type.GetConstructors() is [var only]
            ? only.GetParameters().Select(p => p.ParameterType).Where(typeof(IUseCase).IsAssignableFrom)
            : [];

    private static OpenApiParameter Header(string name, string says, bool required, OpenApiSchema schema) =>
        new() { Name = name, In = ParameterLocation.Header, Description = says, Required = required, Schema = schema };

    private static Dictionary<string, OpenApiMediaType> Of(string contentType, IOpenApiSchema schema) => new() { [contentType] = new OpenApiMediaType { Schema = schema } };

    private static string Code(int status) => status.ToString(CultureInfo.InvariantCulture);

    private static string Means(int status) => status switch
    {
        StatusCodes.Status201Created => "Made.",
        StatusCodes.Status202Accepted => "Taken; it happens soon.",
        StatusCodes.Status204NoContent => "Done; there is nothing to say.",
        _ => "Done.",
    };

    /// <summary>"GET api/v1/sources/{id}/runs" is "getSourcesByIdRuns".</summary>
    private static string IdOf(string method, string path) => method.ToLowerInvariant() + string.Concat(
        path.Replace("api/v1/", string.Empty, StringComparison.Ordinal).Split('/', '.', '-', '_').Select(p => p.StartsWith('{') ? "By" + Upper(p[1..].Split(':', '}')[0]) : Upper(p)))
        + (path.StartsWith("api/v1/hooks", StringComparison.Ordinal) ? "Old" : string.Empty);

    private static string Upper(string word) => word.Length == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..];

    /// <summary>"SetEnvironmentMapping" is "Set environment mapping".</summary>
    private static string Sentence(string name) =>
        string.Concat(name.Select((c, i) => i > 0 && char.IsUpper(c) ? " " + char.ToLowerInvariant(c) : c.ToString()));
}
