using System.Text.RegularExpressions;

namespace NhiGovernance.Sources.Connectors.Git.Workflows;

/// <summary>An expression over a job's matrix, written out, with what stands in where a row has no value. Any other expression stays as it is.</summary>
internal static partial class Matrix
{
    public static IReadOnlyList<string> Values(string text, Job job)
    {
        var match = Key().Match(text);
        var matrix = job.Node["strategy"]?["matrix"];
        if (!match.Success || matrix is YamlText)
        {
            return [text.Trim()];
        }

        var keys = match.Groups["key"].Value.Split('.');
        var values = (matrix?[keys[0]]?.Items.Concat(Maps(matrix[keys[0]])) ?? [])
            .Concat(matrix?["include"] is YamlList include ? include.Nodes.Select(i => i[keys[0]]).OfType<YamlNode>() : []);
        var texts = values.Select(v => keys.Length > 1 ? v[keys[1]] : v).SelectMany(v => v?.Items ?? []).Select(v => v.Text).OfType<string>().Distinct().Take(50).ToList();
        if (match.Groups["else"].Value is { Length: > 0 } otherwise)
        {
            texts.Add(otherwise);
        }

        if (matrix?["include"] is YamlText computed)
        {
            // Whatever it turns out to hold is there too.
            texts.Add(computed.Value.Trim());
        }

        return texts.Count == 0 ? [text.Trim()] : texts;
    }

    /// <summary>A matrix of mappings: "matrix.build.image".</summary>
    private static IEnumerable<YamlNode> Maps(YamlNode? node) => node is YamlList list ? list.Nodes.OfType<YamlMap>() : [];

    [GeneratedRegex(@"^\s*\$\{\{\s*matrix\.(?<key>[A-Za-z0-9_\-]+(\.[A-Za-z0-9_\-]+)?)\s*(\|\|\s*'(?<else>[^'{}]*)'\s*)?\}\}\s*$", RegexOptions.NonBacktracking)]
    private static partial Regex Key();
}
