using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Web.Access;

namespace NhiGovernance.Web.Hosting.Api;

/// <summary>
/// <c>/openapi/v1.json</c>: what holds for the whole of the API. Its operations and shapes are made from what is mapped, by
/// <see cref="ApiOperations"/> and <see cref="ApiSchemas"/>.
/// </summary>
internal static class ApiDocument
{
    public const string Name = "v1";
    public const string Bearer = "bearer";
    public const string Session = "session";
    public const string ScopeKey = "x-scope";
    public const string RolesKey = "x-roles";

    private const string Says = """
        All instants are RFC 3339 in UTC; days are UTC days; sizes are bytes unless a name says otherwise. Enums are words. Fields that are not known to an operation are ignored.

        **Lists** answer `{ items, next, count, more }`, by `limit` and `cursor`: send `next` as `cursor` until it is null. Every filter stands in the address.

        **Errors** are `application/problem+json` (RFC 9457): `detail` says what is wrong and what to do, `errors` of a 400 names each field, `requestId` finds the request in the audit log.

        **Rights.** A token may do what both its scopes and the person who made it may; it never sees more. Decisions (release, approve) need a person.

        **Idempotency-Key** counts on every POST and PUT: the first success is kept for a day and given again, with `Idempotency-Replayed: true`. A refusal frees the key. Another request with the same key: 422. The first one still runs: 409 with `Retry-After`.

        **Limits.** Requests are counted by token or person, otherwise by address, in a sliding minute. Too many: 429 with `Retry-After` in seconds.

        **Versions.** A PUT or DELETE with the `version` that was read is refused with 409 when somebody changed the thing since.
        """;

    private static readonly (string Name, string Says)[] Slices =
    [
        ("Audit", "The log of every change, its export and its verification."),
        ("Catalogue", "Teams, people, services, products and environments: what identities are sorted by."),
        ("Health", "For load balancers and orchestrators."),
        ("Inventory", "Identities and credentials: who and what can change what is shipped, and how well that is known."),
        ("Jobs", "What runs on a schedule."),
        ("Sources", "Where the inventory is read: connectors, runs, documents, webhooks."),
    ];

    private static readonly string[] Prefixes = ["api/v1/", "hooks/", "healthz", "readyz"];
    private static readonly Lazy<XmlDocs> Words = new(() => new XmlDocs(typeof(IUseCase).Assembly, Assembly.GetExecutingAssembly()));
    private static readonly ConditionalWeakTable<OpenApiDocument, ApiSchemas> Shapes = [];

    public static void Configure(OpenApiOptions options)
    {
        options.ShouldInclude = description => Prefixes.Any(p => description.RelativePath?.StartsWith(p, StringComparison.Ordinal) == true);
        options.AddOperationTransformer((operation, context, _) =>
        {
            var document = context.Document!;
            var schemas = SchemasOf(document, context.ApplicationServices);
            new ApiOperations(schemas, Words.Value, document, context.ApplicationServices).Describe(operation, context.Description);
            return Task.CompletedTask;
        });
        options.AddDocumentTransformer((document, context, _) =>
        {
            Describe(document, SchemasOf(document, context.ApplicationServices));
            return Task.CompletedTask;
        });
    }

    private static ApiSchemas SchemasOf(OpenApiDocument document, IServiceProvider services) => Shapes.GetValue(document, made =>
    {
        var json = services.GetRequiredService<IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions>>().Value.SerializerOptions;
        var schemas = new ApiSchemas(json, Words.Value, made);
        ApiRefusals.AddShapes(schemas);
        return schemas;
    });

    private static void Describe(OpenApiDocument document, ApiSchemas schemas)
    {
        document.Info = new OpenApiInfo { Title = "NhiGovernance", Version = Name, Description = Says };
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Tags = Slices.Select(s => new OpenApiTag { Name = s.Name, Description = s.Says }).ToHashSet();
        document.Components = new OpenApiComponents
        {
            Schemas = schemas.All.ToDictionary(StringComparer.Ordinal),
            SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [Bearer] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "nhi_api_…",
                    Description = "An API token with scopes and an end (Settings, API tokens; or the verb `token create`).",
                },
                [Session] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Cookie, Name = SessionCookie.Name,
                    Description = "The session of a signed-in person; over HTTPS its name begins with `__Host-`. Changes are taken from this product's own pages only (`Origin`).",
                },
            },
        };
    }
}
