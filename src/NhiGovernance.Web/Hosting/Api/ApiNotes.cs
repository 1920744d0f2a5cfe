using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace NhiGovernance.Web.Hosting.Api;

/// <summary>A query parameter that the handler reads from the address itself, so that no signature names it.</summary>
internal sealed record QueryNote(string Name, string Says);

/// <summary>A header that the caller sends.</summary>
internal sealed record HeaderNote(string Name, string Says, bool Required);

/// <summary>A body that is read as bytes.</summary>
internal sealed record BodyNote(string Says, IReadOnlyList<string> ContentTypes);

/// <summary>One more refusal than the method and the address alone lead to.</summary>
internal sealed record RefusalNote(int Status, string? Means);

/// <summary>What the document cannot see in a handler's signature, said where the handler is mapped.</summary>
internal static class ApiNotes
{
    public static RouteHandlerBuilder TakesQuery(this RouteHandlerBuilder endpoint, params IEnumerable<(string Name, string Says)> parameters) =>
        endpoint.WithMetadata([.. parameters.Select(p => new QueryNote(p.Name, p.Says))]);

    public static RouteHandlerBuilder TakesHeader(this RouteHandlerBuilder endpoint, string name, string says, bool required = true) =>
        endpoint.WithMetadata(new HeaderNote(name, says, required));

    public static RouteHandlerBuilder TakesBytes(this RouteHandlerBuilder endpoint, string says, params string[] contentTypes) =>
        endpoint.WithMetadata(new BodyNote(says, contentTypes));

    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint, int status, string? means = null) =>
        endpoint.WithMetadata(new RefusalNote(status, means));

    /// <summary>For handlers that write plain text.</summary>
    public static RouteHandlerBuilder AnswersText(this RouteHandlerBuilder endpoint, int status = StatusCodes.Status200OK) =>
        endpoint.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(string), ["text/plain"]));
}

/// <summary>What a download is: known to the compiler, so that the document says it.</summary>
internal interface IDownload
{
    static abstract string ContentType { get; }

    /// <summary>What stands in it.</summary>
    static abstract string Says { get; }

    /// <summary>The shape of one line, where each is a JSON object.</summary>
    static virtual Type? Line => null;
}

/// <summary>What <see cref="Download{T}"/> tells the document.</summary>
internal sealed record DownloadNote(string ContentType, string Says, Type? Line);

/// <summary>A file that is written as it is read; memory stays bounded whatever its size.</summary>
internal sealed class Download<T>(Func<Stream, Task> write, string fileName) : IResult, IEndpointMetadataProvider
    where T : IDownload
{
    public Task ExecuteAsync(HttpContext httpContext) => TypedResults.Stream(write, T.ContentType, fileName).ExecuteAsync(httpContext);

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(Stream), [T.ContentType.Split(';')[0]]));
        builder.Metadata.Add(new DownloadNote(T.ContentType.Split(';')[0], T.Says, T.Line));
    }
}

/// <summary>The 201 or 202 here has no address of its own.</summary>
internal sealed record NoPlaceNote;
