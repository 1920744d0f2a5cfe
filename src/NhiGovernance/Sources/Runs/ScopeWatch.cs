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

    private readonly Dictionary<Scope, bool> _open = [];
    private readonly List<ScopeProblem> _problems = [];

    public IReadOnlyList<ScopeProblem> Problems => _problems;

    public int Started => _open.Count;

    public IReadOnlyList<Scope> Open => [.. _open.Where(s => s.Value).Select(s => s.Key)];

    /// <exception cref="InvalidOperationException">The connector broke the contract; the run cannot be trusted.</exception>
    public void Take(ReadEvent read)
    {
        switch (read)
        {
            case ScopeStarted when _open.ContainsKey(read.Scope):
                throw Broken(read.Scope, "started twice");
            case ScopeStarted:
                _open.Add(read.Scope, true);
                break;
            case ScopePage or ScopeEnded when !_open.GetValueOrDefault(read.Scope):
                throw Broken(read.Scope, "went on without being open");
            case ScopeEnded ended:
                _open[read.Scope] = false;
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
