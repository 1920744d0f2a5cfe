using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Hosting.Api;

/// <summary>One method of one mapped address.</summary>
internal sealed record MappedEndpoint(string Method, RouteEndpoint Route)
{
    public string Pattern => "/" + Route.RoutePattern.RawText!.Trim('/');

    public bool IsAnonymous => Route.Metadata.GetMetadata<IAllowAnonymous>() is not null;

    /// <summary>An address that this endpoint answers; ids are new, so nothing is found there.</summary>
    public string Path(string word = "none") => "/" + string.Join('/', Route.RoutePattern.PathSegments.Select(s => string.Concat(s.Parts.Select(p => p switch
    {
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart parameter =>
            parameter.ParameterPolicies.Any(policy => policy.Content == "guid") ? Guid.CreateVersion7().ToString() : word,
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternSeparatorPart separator => separator.Content,
        _ => throw new NotSupportedException(p.PartKind.ToString()),
    }))));
}

/// <summary>Every endpoint that the application has mapped, so that no test keeps a list of its own.</summary>
internal static class Endpoints
{
    public static IReadOnlyList<MappedEndpoint> All(TestApplication app) =>
    [
        .. app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Select(m => new MappedEndpoint(m, e)) ?? []),
    ];

    public static IReadOnlyList<MappedEndpoint> OfTheApi(TestApplication app) =>
        [.. All(app).Where(e => e.Pattern.StartsWith("/api/v1/", StringComparison.Ordinal))];
}
