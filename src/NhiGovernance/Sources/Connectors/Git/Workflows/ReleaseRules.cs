using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace NhiGovernance.Sources.Connectors.Git.Workflows;

internal enum CapabilityKind
{
    Publish,
    Release,
    Deploy,
    Sign,

    /// <summary>Writes commits or tags.</summary>
    Push,
}

/// <summary>Something that a job does to what is shipped.</summary>
internal sealed record Capability(CapabilityKind Kind, string What, string By, string Job, int Line);

/// <summary>Which actions and commands publish, deploy or sign: <c>release-rules.json</c>, matched in linear time.</summary>
internal sealed class ReleaseRules
{
    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    private static readonly JsonSerializerOptions JsonOptions =
        new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    public static readonly ReleaseRules Known = Load();

    private readonly List<ActionRule> _actions;
    private readonly List<(Regex Run, Regex? Unless, CommandRule Rule)> _commands;

    private ReleaseRules(File file)
    {
        _actions = file.Actions;
        _commands = [.. file.Commands.Select(c => (new Regex(c.Run, Linear), c.Unless is null ? null : new Regex(c.Unless, Linear), c))];
    }

    public IEnumerable<Capability> Of(Job job)
    {
        if (job.Uses is { } called && Match(called, null) is { } reusable)
        {
            yield return new Capability(reusable.Kind, reusable.What, Emit.Short(called), job.Id, job.Node["uses"]!.Line);
        }

        foreach (var step in job.Steps)
        {
            if (step.Uses is { } uses && Match(uses, step) is { } rule)
            {
                yield return new Capability(rule.Kind, rule.What, Emit.Short(uses), job.Id, step.LineOf(step.Node["uses"]!.Line));
            }

            foreach (var found in Commands(job, step))
            {
                yield return found;
            }
        }
    }

    private IEnumerable<Capability> Commands(Job job, Step step)
    {
        if (step.Run is not { } run)
        {
            yield break;
        }

        foreach (var (command, line) in ShellLines.Of(run))
        {
            foreach (var (pattern, unless, rule) in _commands)
            {
                if (pattern.IsMatch(command) && unless?.IsMatch(command) != true)
                {
                    yield return new Capability(rule.Kind, rule.What, "run", job.Id, step.LineOf(line));
                }
            }
        }
    }

    private ActionRule? Match(string uses, Step? step)
    {
        var at = uses.IndexOf('@', StringComparison.Ordinal);
        var name = at < 0 ? uses : uses[..at];
        foreach (var rule in _actions)
        {
            var same = rule.Uses.EndsWith('/')
                ? name.StartsWith(rule.Uses, StringComparison.OrdinalIgnoreCase)
                : name.Equals(rule.Uses, StringComparison.OrdinalIgnoreCase) || name.StartsWith(rule.Uses + "/", StringComparison.OrdinalIgnoreCase);

            // An expression may turn out true: the job can publish.
            if (same && (rule.When is null || rule.When.Any(w => step?.With(w.Key) is { } value && (value == w.Value || value.Contains("${{", StringComparison.Ordinal)))
                || (rule.When.ContainsKey("push") && step?.With("outputs") is { } outputs
                    && (outputs.Contains("type=registry", StringComparison.Ordinal) || outputs.Contains("push=true", StringComparison.Ordinal)))))
            {
                return rule;
            }
        }

        return null;
    }

    private static ReleaseRules Load() => new(JsonSerializer.Deserialize<File>(EmbeddedFile.Open("release-rules.json"), JsonOptions)!);

    private sealed record File(List<ActionRule> Actions, List<CommandRule> Commands);

    private sealed record ActionRule(string Uses, CapabilityKind Kind, string What, Dictionary<string, string>? When);

    private sealed record CommandRule(string Run, string? Unless, CapabilityKind Kind, string What);
}
