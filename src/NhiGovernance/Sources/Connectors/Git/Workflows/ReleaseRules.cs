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

/// <summary>
/// Which actions and commands publish, deploy or sign, and which actions are known to do nothing of that kind:
/// <c>release-rules.json</c>, matched in linear time.
/// </summary>
internal sealed class ReleaseRules
{
    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    private static readonly JsonSerializerOptions JsonOptions =
        new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    public static readonly ReleaseRules Known = Load();

    private readonly List<ActionRule> _actions;
    private readonly List<string> _neither;
    private readonly List<(Regex Run, Regex? Unless, CommandRule Rule)> _commands;

    private ReleaseRules(File file)
    {
        _actions = file.Actions;
        _neither = file.Neither;
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

    /// <summary>
    /// False for an action of which no rule says what it does (of another repository, or a program of this one): it may publish with
    /// whatever the job gives it.
    /// A reusable workflow of another repository is not asked about here: its whole job counts as unread.
    /// </summary>
    public bool Knows(ActionUse use) =>
        (use.Pin == Pin.Local && !use.IsProgram) || use.IsWorkflow || _actions.Exists(a => Is(use.Uses, a.Uses)) || _neither.Exists(n => Is(use.Uses, n));

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
        foreach (var rule in _actions)
        {
            // An expression may turn out true: the job can publish.
            if (Is(uses, rule.Uses) && (rule.When is null || rule.When.Any(w => step?.With(w.Key) is { } value && (value == w.Value || value.Contains("${{", StringComparison.Ordinal)))
                || (rule.When.ContainsKey("push") && step?.With("outputs") is { } outputs
                    && (outputs.Contains("type=registry", StringComparison.Ordinal) || outputs.Contains("push=true", StringComparison.Ordinal)))))
            {
                return rule;
            }
        }

        return null;
    }

    /// <summary>"owner/name" and what lies below it, at any version; "owner/name/" only what lies below it.</summary>
    private static bool Is(string uses, string rule)
    {
        var at = uses.IndexOf('@', StringComparison.Ordinal);
        var name = at < 0 ? uses : uses[..at];
        return rule.EndsWith('/')
            ? name.StartsWith(rule, StringComparison.OrdinalIgnoreCase)
            : name.Equals(rule, StringComparison.OrdinalIgnoreCase) || name.StartsWith(rule + "/", StringComparison.OrdinalIgnoreCase);
    }

    private static ReleaseRules Load() => new(JsonSerializer.Deserialize<File>(EmbeddedFile.Open("release-rules.json"), JsonOptions)!);

    /// <param name="Neither">Actions that neither publish, release, deploy, sign nor push.</param>
    private sealed record File(List<ActionRule> Actions, List<CommandRule> Commands, List<string> Neither);

    private sealed record ActionRule(string Uses, CapabilityKind Kind, string What, Dictionary<string, string>? When);

    private sealed record CommandRule(string Run, string? Unless, CapabilityKind Kind, string What);
}
