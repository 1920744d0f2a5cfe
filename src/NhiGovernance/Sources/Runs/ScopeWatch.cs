using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Runs;

/// <summary>A scope that was not read to its end.</summary>
public sealed record ScopeProblem(string Kind, string Place, ScopeOutcome Outcome, string? Permission, string? Error);

/// <summary>
/// Keeps a connector to the contract: scopes start once, have pages only while open, and end once. What is open at the end was
/// not read to its end. Pure.
/// </summary>
internal sealed class ScopeWatch
{
    public const int MostProblems = 200;

    private readonly Dictionary<Scope, ScopeOutcome?> _scopes = [];
    private readonly List<ScopeProblem> _problems = [];

    public IReadOnlyList<ScopeProblem> Problems => _problems;

    public int Started => _scopes.Count;

    public IReadOnlyList<Scope> Open => [.. _scopes.Where(s => s.Value is null).Select(s => s.Key)];

    /// <summary>True when the source said what there is to say of this list: what it holds, or why nobody may know.</summary>
    public bool HasAnswered(ReadTarget target) => _scopes.Any(s => s.Value is not (null or ScopeOutcome.Failed)
        && s.Key.Kind == target.Kind && string.Equals(s.Key.Place, target.Place, StringComparison.OrdinalIgnoreCase));

    /// <exception cref="InvalidOperationException">The connector broke the contract; the run cannot be trusted.</exception>
    public void Take(ReadEvent read)
    {
        switch (read)
        {
            case ScopeStarted when _scopes.ContainsKey(read.Scope):
                throw Broken(read.Scope, "started twice");
            case ScopeStarted:
                _scopes.Add(read.Scope, null);
                break;
            case ScopePage or ScopeEnded when !_scopes.TryGetValue(read.Scope, out var outcome) || outcome is not null:
                throw Broken(read.Scope, "went on without being open");
            case ScopeEnded ended:
                _scopes[read.Scope] = ended.Outcome;
                if (ended.Outcome is not (ScopeOutcome.Complete or ScopeOutcome.Unchanged or ScopeOutcome.LeftOut) && _problems.Count < MostProblems)
                {
                    _problems.Add(new ScopeProblem(ended.Scope.Kind, ended.Scope.Place, ended.Outcome, ended.Permission, ended.Error));
                }

                break;
            default:
                break;
        }
    }

    private static InvalidOperationException Broken(Scope scope, string what) =>
        new($"The scope {scope.Kind} of {scope.Place} {what}. This is a fault of the connector.");
}
