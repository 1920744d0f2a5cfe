using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace NhiGovernance.Web.Hosting.Api;

/// <summary>
/// What the code says of itself: the compiler's documentation files, which lie beside the assemblies. So a type is described once, where
/// it stands. Without the files (they were deleted) the document still names every shape, only without words.
/// </summary>
internal sealed partial class XmlDocs
{
    private readonly Dictionary<string, XElement> _members = new(StringComparer.Ordinal);

    public XmlDocs(params Assembly[] assemblies)
    {
        foreach (var path in assemblies.Select(a => Path.Combine(AppContext.BaseDirectory, a.GetName().Name + ".xml")).Where(File.Exists))
        {
            foreach (var member in XDocument.Load(path).Descendants("member"))
            {
                if (member.Attribute("name")?.Value is { } name)
                {
                    _members[name] = member;
                }
            }
        }
    }

    /// <summary>The summary of a type; empty when there is none.</summary>
    public string Of(Type type) => Summary("T:" + IdOf(type));

    /// <summary>The summary of a property, or the <c>param</c> of the record that declares it.</summary>
    public string Of(PropertyInfo property)
    {
        var owner = IdOf(property.DeclaringType!);
        return Summary($"P:{owner}.{property.Name}") is { Length: > 0 } own ? own : Parameter(property.DeclaringType!, property.Name);
    }

    /// <summary>The summary of one value of an enum.</summary>
    public string OfValue(Type type, string value) => Summary($"F:{IdOf(type)}.{value}");

    /// <summary>What a record says of the parameter of this name, in whatever case.</summary>
    public string Parameter(Type record, string name) =>
        _members.TryGetValue("T:" + IdOf(record), out var member)
            && member.Elements("param").FirstOrDefault(p => string.Equals(p.Attribute("name")?.Value, name, StringComparison.OrdinalIgnoreCase)) is { } said
            ? Text(said)
            : string.Empty;

    private string Summary(string id) => _members.TryGetValue(id, out var member) && member.Element("summary") is { } summary ? Text(summary) : string.Empty;

    private static string IdOf(Type type) => (type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type).FullName!.Replace('+', '.');

    private static string Text(XElement element)
    {
        var text = new StringBuilder();
        foreach (var node in element.Nodes())
        {
            text.Append(node switch
            {
                XText plain => plain.Value,
                XElement { Name.LocalName: "see" or "seealso" } see => see.Attribute("langword")?.Value ?? see.Attribute("href")?.Value ?? Last(see.Attribute("cref")?.Value),
                XElement { Name.LocalName: "paramref" or "typeparamref" } named => CamelCase(named.Attribute("name")?.Value),
                XElement { Name.LocalName: "c" or "code" } code => $"`{code.Value}`",
                XElement inner => Text(inner) + " ",
                _ => string.Empty,
            });
        }

        return Blanks().Replace(text.ToString(), " ").Trim();
    }

    private static string Last(string? reference) => reference?.Split('.')[^1].Split('(')[0].TrimEnd('`', '1') ?? string.Empty;

    private static string CamelCase(string? name) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(name ?? string.Empty);

    [GeneratedRegex(@"\s+", RegexOptions.NonBacktracking)]
    private static partial Regex Blanks();
}
