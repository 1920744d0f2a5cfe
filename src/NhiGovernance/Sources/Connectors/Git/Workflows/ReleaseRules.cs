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
    private readonly List<NeitherWithout> _neitherWithout;
    private readonly List<(Regex Run, Regex? Unless, CommandRule Rule)> _commands;

    private ReleaseRules(File file)
    {
        _actions = file.Actions;
        _neither = file.Neither;
        _neitherWithout = file.NeitherWithout;
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
    /// False for a step's action of which it is not known what it does: no rule names it (of another repository, or a program of this
    /// one), or its inputs do not say. It may publish with whatever the job gives it. A reusable workflow of another repository is not
    /// asked about here: its whole job counts as unread.
    /// </summary>
    public bool Knows(Step step)
    {
        if (step.Uses is not { Length: > 0 } uses)
        {
            return true;
        }

        if (uses.StartsWith("./", StringComparison.Ordinal) || uses.StartsWith("../", StringComparison.Ordinal))
        {
            return !step.IsProgram;
        }

        if (_actions.Find(a => Is(uses, a.Uses)) is { } rule)
        {
            return rule.When is null || Match(uses, step) is not null || SaysNo(rule, uses, step);
        }

        return _neither.Exists(n => Is(uses, n)) || _neitherWithout.Exists(n => Is(uses, n.Uses) && step.With(n.Input) is null);
    }

    /// <summary>True when what the step says of the rule's inputs leaves no doubt that it does not do it.</summary>
    private static bool SaysNo(ActionRule rule, string uses, Step step)
    {
        var version = uses[(uses.IndexOf('@', StringComparison.Ordinal) + 1)..];
        if (rule.OtherwiseAt?.Exists(v => version == v || version.StartsWith(v + ".", StringComparison.Ordinal)) == true)
        {
            return false;
        }

        return (rule.Unsure ?? []).TrueForAll(i => step.With(i)?.Contains("${{", StringComparison.Ordinal) != true)
            && rule.When!.Keys.All(k => step.With(k) is { } said ? said.Equals("false", StringComparison.OrdinalIgnoreCase) : rule.Unsaid == "neither");
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
        foreach (var rule in _actions)
        {
            // An expression may turn out true: the job can publish.
            if (Is(uses, rule.Uses) && (rule.When is null || rule.When.Any(w => step?.With(w.Key) is { } value && (value.Equals(w.Value, StringComparison.OrdinalIgnoreCase) || value.Contains("${{", StringComparison.Ordinal)))
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
    /// <param name="NeitherWithout">The same as long as an input is not set.</param>
    private sealed record File(List<ActionRule> Actions, List<CommandRule> Commands, List<NeitherWithout> NeitherWithout, List<string> Neither);

    private sealed record NeitherWithout(string Uses, string Input);

    /// <param name="When">Inputs of which one has to have its value; null: whatever they are.</param>
    private sealed record ActionRule(string Uses, CapabilityKind Kind, string What, Dictionary<string, string>? When)
    {
        /// <summary>What it means that such an input is not set: "neither", or "unknown" where something else may say it.</summary>
        public string? Unsaid { get; init; }

        /// <summary>Inputs that say it too; an expression there may turn out either way.</summary>
        public List<string>? Unsure { get; init; }

        /// <summary>Versions at which none of this holds, because the action did it unasked.</summary>
        public List<string>? OtherwiseAt { get; init; }
    }

    private sealed record CommandRule(string Run, string? Unless, CapabilityKind Kind, string What);
}
