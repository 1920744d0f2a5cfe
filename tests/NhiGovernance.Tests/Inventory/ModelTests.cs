using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Fixtures;
using static NhiGovernance.Tests.Inventory.Stage;

namespace NhiGovernance.Tests.Inventory;

/// <summary>
/// Random sequences of runs against a small reference model that is written the slow, plain way: after every run each thing
/// stands where the model says, and nothing is ever missing that its source still has.
/// </summary>
public sealed class ModelTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const int Repositories = 4;
    private const int KeysEach = 4;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    public async Task Runs_AtRandom_AgreeWithTheModel(int seed)
    {
        var random = new Random(seed);
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        var world = Enumerable.Range(0, Repositories).ToDictionary(r => r, _ => Enumerable.Range(0, KeysEach).ToHashSet());
        var model = new Model();
        for (var step = 0; step < 25; step++)
        {
            Change(world, random);
            if (random.Next(4) == 0)
            {
                await stage.PassAsync(TimeSpan.FromHours(13));
                model.Pass(13);
            }

            var run = Plan(world, random, model);
            await stage.ReadAsync(run.Events, run.ReadToEnd);
            model.Judge(run);

            var rows = (await stage.IdentitiesAsync()).ToDictionary(i => i.NaturalKey, i => i.Presence);
            rows.ShouldBe(model.Rows.ToDictionary(r => r.Key, r => r.Value.Presence), ignoreOrder: true, $"seed {seed}, step {step}");
        }

        model.Rows.Values.ShouldContain(r => r.Presence != Presence.Present, "the sequence should have had something to judge");
    }

    private static void Change(Dictionary<int, HashSet<int>> world, Random random)
    {
        var repository = random.Next(Repositories);
        if (random.Next(6) == 0 && !world.Remove(repository))
        {
            world[repository] = [.. Enumerable.Range(0, KeysEach)];
        }

        if (world.TryGetValue(random.Next(Repositories), out var keys) && !keys.Remove(random.Next(KeysEach)))
        {
            keys.Add(random.Next(KeysEach));
        }
    }

    /// <summary>What a connector would say of this world, with faults.</summary>
    private static PlannedRun Plan(Dictionary<int, HashSet<int>> world, Random random, Model model)
    {
        var run = new PlannedRun { ReadToEnd = random.Next(8) != 0 };
        run.Events.Add(new ScopeStarted(Root, null));
        run.Outcomes["root"] = Outcome(random);
        var listed = run.Outcomes["root"] == ScopeOutcome.Complete ? world.Keys.ToList() : world.Keys.Where(_ => random.Next(2) == 0).ToList();
        run.Events.Add(new ScopeEnded(Root, run.Outcomes["root"]!.Value));
        foreach (var repository in listed)
        {
            if (!run.ReadToEnd && random.Next(2) == 0)
            {
                continue;
            }

            var (scope, name) = (new Scope("deploy-keys", $"acme/{repository}"), $"{repository}");
            var outcome = random.Next(10) == 0 ? null : Outcome(random);
            var seen = world[repository].Where(_ => outcome == ScopeOutcome.Complete || random.Next(2) == 0).Select(k => $"{repository}/{k}").ToList();
            if (outcome is ScopeOutcome.Unchanged or ScopeOutcome.Denied or ScopeOutcome.NotAvailable or ScopeOutcome.LeftOut)
            {
                seen.Clear();
            }

            if (outcome == ScopeOutcome.Complete && random.Next(2) == 0 && model.IsAsLastListed(name, seen))
            {
                (outcome, seen) = (ScopeOutcome.Unchanged, []);
            }

            run.Events.Add(new ScopeStarted(scope, Root));
            run.Events.Add(new ScopePage(scope, seen.ConvertAll(k => (Observation)Identity(k))));
            run.Outcomes[name] = outcome;
            run.Seen[name] = seen;
            if (outcome is { } ended)
            {
                run.Events.Add(new ScopeEnded(scope, ended));
            }
        }

        return run;
    }

    private static ScopeOutcome? Outcome(Random random) => random.Next(11) switch
    {
        0 => ScopeOutcome.Denied,
        1 => ScopeOutcome.Failed,
        2 => ScopeOutcome.NotAvailable,
        3 => ScopeOutcome.LeftOut,
        _ => ScopeOutcome.Complete,
    };

    private sealed class PlannedRun
    {
        public bool ReadToEnd { get; init; }

        public List<ReadEvent> Events { get; } = [];

        public Dictionary<string, ScopeOutcome?> Outcomes { get; } = [];

        public Dictionary<string, List<string>> Seen { get; } = [];
    }

    private sealed class Row
    {
        public Presence Presence { get; set; }

        public int Missed { get; set; }

        public int HoursMissing { get; set; }

        /// <summary>Missing since its whole scope was gone, and so back with it.</summary>
        public bool WentWithScope { get; set; }
    }

    private sealed class Model
    {
        private readonly Dictionary<string, HashSet<string>> _listed = [];
        private readonly HashSet<string> _gone = [];

        public Dictionary<string, Row> Rows { get; } = [];

        public bool IsAsLastListed(string scope, List<string> now) => _listed.TryGetValue(scope, out var then) && then.SetEquals(now);

        public void Pass(int hours)
        {
            foreach (var row in Rows.Values.Where(r => r.Presence == Presence.Missing))
            {
                row.HoursMissing += hours;
            }
        }

        public void Judge(PlannedRun run)
        {
            var seen = run.Seen.Values.SelectMany(s => s).ToHashSet();
            foreach (var key in seen)
            {
                Rows[key] = new Row();
            }

            foreach (var (scope, outcome) in run.Outcomes)
            {
                if (outcome == ScopeOutcome.Unchanged)
                {
                    Bring(scope, r => r.Presence == Presence.NotCovered || (_gone.Contains(scope) && r.WentWithScope));
                }

                if (outcome is ScopeOutcome.Complete or ScopeOutcome.Unchanged)
                {
                    _gone.Remove(scope);
                }
            }

            var concluded = Rows.Where(r => !seen.Contains(r.Key) && Concludes(run, Scope(r.Key))).ToList();
            var gone = concluded.Where(r => r.Value.Presence is Presence.Present or Presence.NotCovered).ToList();
            var present = Rows.Count(r => r.Value.Presence == Presence.Present) + gone.Count(r => r.Value.Presence == Presence.NotCovered);
            _gone.UnionWith(Rows.Keys.Select(Scope).Where(s => !run.Outcomes.ContainsKey(s) && Concludes(run, s)));
            JudgeAbsent(run, seen, gone, present);
            foreach (var (key, row) in Rows)
            {
                var isLeftOut = run.Outcomes.TryGetValue(Scope(key), out var outcome) ? outcome == ScopeOutcome.LeftOut : run.Outcomes["root"] == ScopeOutcome.LeftOut;
                row.Presence = isLeftOut && row.Presence == Presence.Present ? Presence.NotCovered : row.Presence;
            }
        }

        private void Bring(string scope, Func<Row, bool> which)
        {
            foreach (var key in Rows.Where(r => Scope(r.Key) == scope && which(r.Value)).Select(r => r.Key).ToList())
            {
                Rows[key] = new Row();
            }
        }

        private void JudgeAbsent(PlannedRun run, HashSet<string> seen, List<KeyValuePair<string, Row>> gone, int present)
        {
            foreach (var (scope, keys) in run.Seen.Where(s => run.Outcomes[s.Key] == ScopeOutcome.Complete))
            {
                _listed[scope] = [.. keys];
            }

            if (gone.Count > 10 && gone.Count * 10 > present)
            {
                return;
            }

            var again = Rows.Where(r => r.Value.Presence == Presence.Missing && !seen.Contains(r.Key)
                && (Concludes(run, Scope(r.Key)) || run.Outcomes.GetValueOrDefault(Scope(r.Key)) == ScopeOutcome.Unchanged)).ToList();
            foreach (var (_, row) in again)
            {
                row.Missed++;
                if (row is { Missed: >= 2, HoursMissing: >= 24 })
                {
                    row.Presence = Presence.Retired;
                }
            }

            foreach (var (key, row) in gone)
            {
                (row.Presence, row.Missed, row.HoursMissing, row.WentWithScope) = (Presence.Missing, 1, 0, _gone.Contains(Scope(key)));
            }
        }

        private static string Scope(string key) => key[..key.IndexOf('/', StringComparison.Ordinal)];

        private static bool Concludes(PlannedRun run, string scope) => run.Outcomes.TryGetValue(scope, out var outcome)
            ? outcome == ScopeOutcome.Complete
            : run.ReadToEnd && run.Outcomes["root"] == ScopeOutcome.Complete;
    }
}
