using System.Text.RegularExpressions;
using NhiGovernance.Catalogue.Mapping;
using NhiGovernance.Common;

namespace NhiGovernance.Catalogue;

/// <summary>What every key, name and rule of the catalogue must be. Gathers all faults, so that a form shows them at once.</summary>
internal sealed partial class CatalogueFields
{
    public const int MaxRules = 200;

    private readonly List<FieldFault> _faults = [];

    public Error? Error => _faults.Count == 0 ? null : new Error.Invalid(_faults);

    public void Add(string field, string message) => _faults.Add(new FieldFault(field, message));

    public string Key(string? value)
    {
        var key = value?.Trim() ?? string.Empty;
        if (key.Length > 60 || !Slug().IsMatch(key))
        {
            Add("key", "A key is 1 to 60 lower-case letters, digits and single hyphens, such as payments-api.");
        }

        return key;
    }

    public string Name(string? value, int longest = 120)
    {
        var name = value?.Trim() ?? string.Empty;
        if (name.Length == 0 || name.Length > longest || name.Any(char.IsControl))
        {
            Add("name", $"A name is 1 to {longest} characters on one line.");
        }

        return name;
    }

    public string? Text(string field, string? value, int longest)
    {
        var text = value?.Trim();
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (text.Length > longest || text.Any(char.IsControl))
        {
            Add(field, $"At most {longest} characters on one line.");
        }

        return text;
    }

    /// <summary>An enum from outside may hold any number.</summary>
    public void Classes(EnvironmentKind kind, EnvironmentTier tier, DataClass dataClass)
    {
        Defined("kind", kind);
        Defined("tier", tier);
        Defined("dataClass", dataClass);
    }

    public IReadOnlyList<RuleInput> Rules(IReadOnlyList<RuleInput>? rules)
    {
        var trimmed = (rules ?? []).Select(r => new RuleInput(r.Kind?.Trim() ?? string.Empty, r.Pattern?.Trim() ?? string.Empty)).Distinct().ToList();
        if (trimmed.Count > MaxRules)
        {
            Add("rules", $"At most {MaxRules} rules; a pattern such as acme/pay-* covers many places.");
        }

        for (var i = 0; i < trimmed.Count; i++)
        {
            if (!PlaceKinds.IsKnown(trimmed[i].Kind))
            {
                Add($"rules[{i}].kind", $"A kind is one of {string.Join(", ", PlaceKinds.All)}.");
            }

            var pattern = trimmed[i].Pattern;
            if (pattern.Length is 0 or > PathGlob.MaxLength || pattern.Any(char.IsControl))
            {
                Add($"rules[{i}].pattern", $"A pattern is 1 to {PathGlob.MaxLength} characters on one line, such as acme/pay-*.");
            }
        }

        return trimmed;
    }

    private void Defined<T>(string field, T value)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            Add(field, $"One of {string.Join(", ", Enum.GetNames<T>())}.");
        }
    }

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$", RegexOptions.NonBacktracking)]
    private static partial Regex Slug();
}
