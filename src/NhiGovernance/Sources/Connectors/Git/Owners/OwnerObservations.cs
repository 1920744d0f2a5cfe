using NhiGovernance.Sources.Connectors.Git.Workflows;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.Git.Owners;

/// <summary>One suggestion for each pattern that is in force somewhere: of two lines with the same pattern the last one.</summary>
internal static class OwnerObservations
{
    public static IEnumerable<ResourceObservation> From(CodeOwners owners, string file, GitAddress address, string? branch)
    {
        foreach (var rule in owners.Rules.GroupBy(r => r.Pattern, StringComparer.Ordinal).Select(g => g.Last()))
        {
            var pattern = Emit.Short(rule.Pattern);
            yield return new ResourceObservation($"codeowners:{NaturalKeys.Bound(rule.Pattern)}", ResourceKind.OwnerSuggestion,
                $"{pattern}: {(rule.Owners.Count == 0 ? "nobody" : NaturalKeys.Cut(string.Join(", ", rule.Owners), 200 - Math.Min(150, pattern.Length)))}",
                new PlaceReference("repository", address.Place))
            {
                Url = Links.File(address, branch, file, rule.Line),
                Facts = new Dictionary<string, KnownValue>
                {
                    ["pattern"] = KnownValue.Of(pattern),
                    ["owners"] = Emit.List(rule.Owners),
                    ["everything"] = KnownValue.Of(rule.Pattern is "*" or "**" or "/" or "/**"),
                    ["file"] = KnownValue.Of(file),
                    ["line"] = KnownValue.Of(rule.Line),
                },
            };
        }
    }
}
