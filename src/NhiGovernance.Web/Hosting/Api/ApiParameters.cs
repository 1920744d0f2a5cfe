using Microsoft.OpenApi;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Web.Hosting.Api;

/// <summary>What parameters mean: as the use case's request says it, or by what their names mean everywhere.</summary>
internal static class ApiParameters
{
    /// <summary>The most rows of a page anywhere; a use case that allows fewer cuts to its own.</summary>
    private const string MostRows = "500";

    private static readonly Dictionary<string, string> Everywhere = new(StringComparer.OrdinalIgnoreCase)
    {
        ["id"] = "The id, a UUID.",
        ["key"] = "The key: lower-case letters, digits and hyphens.",
        ["name"] = "The name of the document.",
        ["q"] = "Words to search for, all of which must be there.",
        ["cols"] = "The columns of the list that the file holds besides id, name and place, with commas, as the page's address names them; leave it out for every column.",
        ["cursor"] = "`next` of the page before; leave it out for the first page.",
        ["limit"] = "How many rows at most; what is more than the list gives at once (200; sources 500) is cut to that.",
        ["version"] = "The version that was read; when somebody changed it since, nothing is done and the answer is 409.",
        ["sort"] = "The column, `-` before it for descending: name, kind, lastUsed, expires, firstSeen, team. What has no value comes last.",
        ["team"] = "Key of a team.",
        ["product"] = "Key of a product.",
        ["source"] = "Id of a source.",
        ["identity"] = "Id of an identity: only what is its own.",
        ["connector"] = "Key of a connector, such as `github`.",
        ["days"] = "How many days back to look.",
        ["status"] = "Only people of this status.",
        ["kind"] = "Only of this kind.",
        ["tier"] = "Only of this tier.",
        ["dataClass"] = "Only of this class of data.",
        ["expires"] = "`before:2026-01-31`, `after:2026-01-31`, `within:30d`, `not-within:90d`, `past`, `never` or `unknown`. Dates are UTC.",
        ["action"] = "A whole action (`token.revoke`), or its beginning up to a dot (`token.`).",
        ["actor"] = "An account's or token's id, or the system's part.",
        ["targetKind"] = "The kind of thing that was changed, such as `source`.",
        ["target"] = "The id of the thing that was changed.",
        ["from"] = "From this instant on (RFC 3339).",
        ["until"] = "Before this instant (RFC 3339).",
        ["sequence"] = "The sequence number of a head that was noted earlier; with `hash`.",
        ["hash"] = "The hash of that head, hexadecimal: then a log that was cut or rewritten is found too.",
    };

    public static string? Says(string name, IReadOnlyList<Type> useCases, XmlDocs docs)
    {
        if (name is "cursor" or "limit")
        {
            return Everywhere[name];
        }

        var own = useCases.Select(RequestOf).OfType<Type>().Select(r => docs.Parameter(r, name)).FirstOrDefault(t => t.Length > 0);
        return own ?? Everywhere.GetValueOrDefault(name);
    }

    public static void Limit(OpenApiParameter parameter)
    {
        if (parameter is { Name: "limit", Schema: OpenApiSchema schema })
        {
            (schema.Minimum, schema.Maximum) = ("1", MostRows);
        }
    }

    private static Type? RequestOf(Type useCase)
    {
        for (var at = useCase; at is not null; at = at.BaseType)
        {
            if (at.IsConstructedGenericType && at.Namespace == typeof(IUseCase).Namespace)
            {
                return at.GetGenericArguments()[0];
            }
        }

        return null;
    }
}
