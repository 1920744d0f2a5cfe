using System.Text.Json.Nodes;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

public sealed partial class ScriptedOrganization
{
    /// <summary>Paths whose repository has another name now: GitHub answers 301 there.</summary>
    public List<string> Former { get; } = [];

    /// <summary>The same repository, with the same id and all that it holds, under another name.</summary>
    public void RenameRepository(string name, string to)
    {
        var (old, now) = ($"repos/{Login}/{name}", $"repos/{Login}/{to}");
        bool IsOf(string path) => path == old || path.StartsWith(old + "/", StringComparison.Ordinal);
        lock (Gate)
        {
            foreach (var (path, list) in Lists.Where(l => IsOf(l.Key)).ToList())
            {
                Lists.Remove(path);
                var scope = list.Scope with { Place = list.Scope.Place.Replace($"{Login}/{name}", $"{Login}/{to}", StringComparison.Ordinal) };
                Lists[now + path[old.Length..]] = list with { Scope = scope };
            }

            foreach (var (path, document) in Documents.Where(d => IsOf(d.Key)).ToList())
            {
                Documents.Remove(path);
                Documents[now + path[old.Length..]] = document;
            }

            foreach (var items in Lists.Values.Select(l => l.Items))
            {
                for (var i = 0; i < items.Count; i++)
                {
                    var text = items[i].ToJsonString();
                    var renamed = text.Replace($"{Login}/{name}\"", $"{Login}/{to}\"", StringComparison.Ordinal);
                    if (renamed != text)
                    {
                        items[i] = JsonNode.Parse(renamed)!.AsObject();
                        if ((string?)items[i]["name"] == name)
                        {
                            items[i]["name"] = to;
                        }
                    }
                }
            }

            Former.Add(old);
        }
    }

    public bool IsFormer(string path)
    {
        lock (Gate)
        {
            return Former.Exists(f => path == f || path.StartsWith(f + "/", StringComparison.Ordinal));
        }
    }
}
