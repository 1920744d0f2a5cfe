using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Web.Hosting.Api;

/// <summary>
/// <c>/openapi/v1.json</c>, made from what is mapped: an operation's use case says what it does, and by its permission which scope it asks for.
/// </summary>
internal static class ApiDocument
{
    public const string Name = "v1";
    public const string Bearer = "bearer";
    public const string ScopeKey = "x-scope";

    private const string Prefix = "api/v1/";
    private const string Problem = "Problem";

    private static readonly (int Status, string Means)[] Always =
    [
        (400, "Something in the request is wrong; `errors` names each field."),
        (401, "No token, or one that does not count."),
        (403, "The token or person may not do this; `detail` says who may."),
        (429, "Too many requests; wait as long as `Retry-After` says."),
        (503, "Something that this needs is away; nothing was changed."),
    ];

    public static void Configure(OpenApiOptions options)
    {
        options.ShouldInclude = description => description.RelativePath?.StartsWith(Prefix, StringComparison.Ordinal) == true;
        options.AddDocumentTransformer((document, _, _) =>
        {
            Describe(document);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            Describe(operation, context);
            return Task.CompletedTask;
        });
    }

    private static void Describe(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "NhiGovernance",
            Version = Name,
            Description = "Lists answer `{ items, next }` by `limit` and `cursor`. Errors are problem+json (RFC 9457). A token may do what both it and "
                + "its maker may. POST and PUT take an `Idempotency-Key`.",
        };
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[Bearer] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "nhi_api_…", Description = "An API token (Settings, API tokens).",
        };
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        document.Components.Schemas[Problem] = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["type"] = new OpenApiSchema { Type = JsonSchemaType.String },
                ["title"] = new OpenApiSchema { Type = JsonSchemaType.String },
                ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer },
                ["detail"] = new OpenApiSchema { Type = JsonSchemaType.String },
                ["instance"] = new OpenApiSchema { Type = JsonSchemaType.String },
                ["requestId"] = new OpenApiSchema { Type = JsonSchemaType.String },
                ["errors"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
                },
            },
        };
    }

    private static void Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var method = context.Description.HttpMethod ?? "GET";
        var useCases = metadata.OfType<MethodInfo>().SelectMany(m => m.GetParameters()).SelectMany(p => UseCasesOf(p.ParameterType)).Distinct().ToList();
        operation.Summary ??= useCases.Count == 0 ? context.Description.RelativePath : Sentence(useCases[0].Name);
        if (metadata.OfType<IAllowAnonymous>().Any())
        {
            operation.Security = [];
        }
        else
        {
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, context.Document)] = [] }];
            Scope(operation, useCases, context.ApplicationServices);
        }

        if (IdempotencyKeys.Counts(method) && operation.Security.Count > 0)
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = IdempotencyKeys.Header,
                In = ParameterLocation.Header,
                Description = "The same key with the same request gives the first answer again, for a day, and has one effect.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = IdempotencyKeys.LongestKey },
            });
        }

        operation.Responses ??= [];
        foreach (var (status, means) in Refusals(method, context.Description.RelativePath!))
        {
            operation.Responses.TryAdd(status.ToString(System.Globalization.CultureInfo.InvariantCulture), new OpenApiResponse
            {
                Description = means,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference(Problem, context.Document) },
                },
            });
        }
    }

    private static void Scope(OpenApiOperation operation, List<Type> useCases, IServiceProvider services)
    {
        using var scope = services.CreateScope();
        var permissions = useCases.Select(u => ((IUseCase)scope.ServiceProvider.GetRequiredService(u)).Permission).Distinct().ToList();
        if (permissions.Count == 0)
        {
            return;
        }

        var first = permissions[0];
        operation.Extensions ??= new Dictionary<string, IOpenApiExtension>();
        operation.Extensions[ScopeKey] = new JsonNodeExtension(first.Scope is null ? JsonValue.Create("person") : JsonValue.Create(first.Scope));
        var needs = first.Scope is null ? "A signed-in person only; no token may." : $"Scope `{first.Scope}`.";
        var roles = first.Roles == Role.Anyone ? "any role" : first.Roles.ToString();
        operation.Description = $"{needs} People: {roles}.{(operation.Description is { Length: > 0 } more ? " " + more : "")}";
    }

    private static IEnumerable<(int Status, string Means)> Refusals(string method, string path)
    {
        foreach (var each in Always)
        {
            yield return each;
        }

        if (path.Contains('{', StringComparison.Ordinal))
        {
            yield return (404, "No such thing, or none that the caller may see.");
        }

        if (!HttpMethods.IsGet(method))
        {
            yield return (409, "The state has changed, the name is taken, or a request with this key is still running.");
            yield return (413, "More bytes than are taken.");
            yield return (422, "The Idempotency-Key came with another request before.");
        }
    }

    /// <summary>The use case itself, or those of which a composed one is made.</summary>
    private static IEnumerable<Type> UseCasesOf(Type type) =>
        typeof(IUseCase).IsAssignableFrom(type) ? [type]
        : type.Assembly == typeof(IUseCase).Assembly && type.GetConstructors() is [var only]
            ? only.GetParameters().Select(p => p.ParameterType).Where(typeof(IUseCase).IsAssignableFrom)
            : [];

    /// <summary>"SetEnvironmentMapping" is "Set environment mapping".</summary>
    private static string Sentence(string name) =>
        string.Concat(name.Select((c, i) => i > 0 && char.IsUpper(c) ? " " + char.ToLowerInvariant(c) : c.ToString()));
}
