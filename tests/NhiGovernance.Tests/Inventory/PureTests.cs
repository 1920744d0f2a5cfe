using FsCheck;
using FsCheck.Fluent;
using NhiGovernance.Common.Csv;
using NhiGovernance.Inventory;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Inventory.Lists;
using NhiGovernance.Inventory.Reconcile;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Inventory;

public sealed class PureTests
{
    private static readonly Gen<KnownValue> Values = Gen.OneOf(
        Gen.Elements("a", "b", "").Select(KnownValue.Of), Gen.Constant(KnownValue.NotExposed), Gen.Constant(KnownValue.Denied("p")));

    private static readonly Gen<ThingView> Views =
        from facts in Gen.Elements("name", "lastUsedAt", "expiresAt", "x").Two().Select(t => new[] { t.Item1, t.Item2 }).SelectMany(keys =>
            Values.ListOf(2).Select(v => keys.Distinct().Select((k, i) => (k, v: v[i])).ToDictionary(p => p.k, p => p.v)))
        from grants in Some("push", "read", "admin")
        from keys in Some("k1", "k2", "k3")
        from gone in Gen.Elements(true, false)
        select new ThingView { Facts = facts, Grants = grants.Distinct().Select(g => new GrantObservation(g, "acme", g == "push")).ToArray(), KeyIds = keys.Distinct().ToArray(), IsGone = gone };

    [Fact]
    public void Diff_OfAThingWithItself_IsEmpty() =>
        Prop.ForAll(Views.ToArbitrary(), view => Diff.Between(view with { IsGone = false }, view with { IsGone = false }).Count == 0).CheckCases();

    [Fact]
    public void Diff_AppliedToTheOld_GivesTheNew() => Prop.ForAll(Views.Two().ToArbitrary(), pair =>
    {
        var (before, after) = (pair.Item1, pair.Item2);
        var differences = Diff.Between(before, after);
        var facts = before.Facts.ToDictionary();
        foreach (var field in differences.Where(d => d.Kind == ChangeKind.Field && d.Subject != "keyIds"))
        {
            field.Before.ShouldBe(facts.GetValueOrDefault(field.Subject));
            if (field.After is { } value)
            {
                facts[field.Subject] = value;
            }
            else
            {
                facts.Remove(field.Subject);
            }
        }

        // Only a later use of something used before is left out.
        var rest = after.Facts.Where(f => facts.GetValueOrDefault(f.Key) != f.Value).ToList();
        rest.ShouldAllBe(f => f.Key == "lastUsedAt" && f.Value.State == Knowledge.Value && facts["lastUsedAt"].State == Knowledge.Value);
        facts.Keys.ShouldBe(after.Facts.Keys, ignoreOrder: true);
        var grants = before.Grants.Select(g => $"{g.Permission} on {g.Resource}")
            .Except(differences.Where(d => d.Kind == ChangeKind.GrantRemoved).Select(d => d.Subject))
            .Concat(differences.Where(d => d.Kind == ChangeKind.GrantAdded).Select(d => d.Subject));
        grants.ShouldBe(after.Grants.Select(g => $"{g.Permission} on {g.Resource}"), ignoreOrder: true);
        var material = differences.Any(d => d.Kind == ChangeKind.Material);
        material.ShouldBe(before.KeyIds.Count > 0 && after.KeyIds.Count > 0 && !before.KeyIds.ToHashSet().SetEquals(after.KeyIds));
        differences.Any(d => d.Kind == ChangeKind.CameBack).ShouldBe(before.IsGone && !after.IsGone);
    }).CheckCases();

    [Fact]
    public void Filter_PrintedAndParsed_IsTheSame()
    {
        var choices = (string[] words) =>
            from only in Some(words)
            from not in Some(words)
            select not.Aggregate(Choice.Of(only), (c, v) => c.StateOf(v) == true ? c : c.With(v, false));
        var time = Gen.OneOf(
            Gen.Elements(TimeTest.Any, TimeTest.Past, TimeTest.Never, TimeTest.Unknown).Select(t => new TimeFilter(t)),
            Gen.Choose(0, 5_000).Select(d => new TimeFilter(TimeTest.Before, new DateOnly(2020, 1, 1).AddDays(d))),
            Gen.Choose(1, 900).Select(d => new TimeFilter(TimeTest.NotWithin, Days: d)));
        var flag = Gen.Elements<bool?>(null, true, false);
        var filters =
            from kinds in choices(Enum.GetNames<IdentityKind>())
            from states in choices(Enum.GetNames<Presence>())
            from teams in choices(["none", "payments", "a-b"])
            from sources in choices(["0199aa00-0000-7000-8000-000000000001", "0199aa00-0000-7000-8000-000000000002"])
            from used in time
            from expires in time
            from alters in flag
            from text in Gen.Elements("", "ledger", "a&b=c", "100% + é", "c#", "\"<script>\"")
            select new IdentityFilter { Kinds = kinds, States = states, Teams = teams, Sources = sources, LastUsed = used, Expires = expires, AltersRelease = alters, Text = text };

        Prop.ForAll(filters.ToArbitrary(), filter =>
        {
            IdentityFilter.Parse("?" + filter.ToQueryString()).Value.ShouldBe(filter);
            IdentityFilter.Parse(filter.ToPairs().Select(p => KeyValuePair.Create(p.Key, (string?)p.Value))).Value.ShouldBe(filter);
        }).CheckCases();
    }

    [Fact]
    public void Facts_WrittenAndRead_AreTheSame()
    {
        var facts = new Dictionary<string, KnownValue>
        {
            ["text"] = KnownValue.Of("a \"quoted\" <b> 🔑 \u202E"), ["empty"] = KnownValue.Of(string.Empty), ["never"] = KnownValue.Never(DateTimeOffset.UnixEpoch),
            ["before"] = KnownValue.UnknownBefore(DateTimeOffset.UnixEpoch), ["denied"] = KnownValue.Denied("admin:org (read)"), ["hidden"] = KnownValue.NotExposed,
            ["dropped"] = KnownValue.Redacted, ["strange \" name"] = KnownValue.Of(true),
        };

        InventoryJson.ReadFacts(InventoryJson.WriteFacts(facts)).ShouldBe(facts, ignoreOrder: true);
        InventoryJson.WriteFacts(facts).ShouldBe(InventoryJson.Write(facts));
    }

    [Theory]
    [InlineData("kind=Nonsense", "kind")]
    [InlineData("kind=1", "kind")]
    [InlineData("source=not-an-id", "source")]
    [InlineData("used=yesterday", "used")]
    [InlineData("expires=within:0d", "expires")]
    [InlineData("alters=maybe", "alters")]
    [InlineData("q=%00", "q")]
    public void Filter_WithAFault_NamesItsField(string query, string field) =>
        IdentityFilter.Parse(query).Error.ShouldBeOfType<NhiGovernance.Common.Error.Invalid>().Faults.ShouldHaveSingleItem().Field.ShouldBe(field);

    [Fact]
    public void Csv_OfAnyText_IsOneSafeFieldThatReadsBack() => Prop.ForAll(ArbMap.Default.ArbFor<string>(), text =>
    {
        using var writer = new StringWriter();
        CsvText.WriteLine(writer, text, "end");
        var line = writer.ToString();
        line.ShouldEndWith(",end\r\n");
        var field = line[..^6];
        var read = field.StartsWith('"') ? field[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : field;
        (read == (text ?? string.Empty) || read == "'" + text).ShouldBeTrue();
        (read.Length > 0 && "=+-@\t\r\n\0".Contains(read[0], StringComparison.Ordinal)).ShouldBeFalse();
        (field.StartsWith('"') || field.IndexOfAny([',', '"', '\r', '\n']) < 0).ShouldBeTrue();
    }).CheckCases();

    [Theory]
    [InlineData("=1+1", "\"'=1+1\"")]
    [InlineData("+1", "\"'+1\"")]
    [InlineData("-1", "\"'-1\"")]
    [InlineData("@SUM(A1)", "\"'@SUM(A1)\"")]
    [InlineData("\tx", "\"'\tx\"")]
    [InlineData(" =1", "\"' =1\"")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("a\"b", "\"a\"\"b\"")]
    [InlineData("plain", "plain")]
    public void Csv_OfAField_IsQuotedAndDefused(string text, string expected)
    {
        using var writer = new StringWriter();
        CsvText.WriteLine(writer, text);
        writer.ToString().ShouldBe(expected + "\r\n");
    }

    [Theory]
    [InlineData(100, 10, false)]
    [InlineData(100, 11, true)]
    [InlineData(20, 10, false)]
    [InlineData(11, 11, true)]
    [InlineData(1_000, 100, false)]
    [InlineData(1_000, 101, true)]
    public void Brake_MoreThanTenAndMoreThanATenth_Holds(long present, long gone, bool holds) => Brake.Holds(present, gone).ShouldBe(holds);

    [Fact]
    public void Judgement_OfAGrandchild_NeedsItsGrandparentsWord()
    {
        var (grandparent, parent, child) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        ScopeFact[] Facts(ScopeOutcome? outcome) =>
            [new(grandparent, null, true, outcome), new(parent, grandparent, false, null), new(child, parent, false, null)];

        ScopeJudgement.Of(Facts(ScopeOutcome.Complete), readToEnd: true).Vanished.ShouldBe([parent, child], ignoreOrder: true);
        ScopeJudgement.Of(Facts(ScopeOutcome.Denied), readToEnd: true).Vanished.ShouldBeEmpty();
        ScopeJudgement.Of(Facts(ScopeOutcome.Complete), readToEnd: false).Vanished.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Judgement_OfAScopeThatIsLeftOut_UncoversItAndAllBelowAndCallsNothingGone(bool readToEnd)
    {
        var (root, leftOut, below, other) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        var judged = ScopeJudgement.Of(
            [
                new(root, null, true, ScopeOutcome.Complete), new(leftOut, root, true, ScopeOutcome.LeftOut), new(below, leftOut, false, null),
                new(other, root, true, ScopeOutcome.Denied),
            ],
            readToEnd);

        judged.Uncovered.ShouldBe([leftOut, below], ignoreOrder: true);
        judged.Vanished.ShouldBeEmpty();
        judged.Listed.ShouldBe([root]);
    }

    [Fact]
    public void Judgement_OfAListThatSaysNothingOfAbsence_HasNoChildVanished()
    {
        var (parent, child) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        ScopeFact[] Facts(bool saysNothing) => [new(parent, null, true, ScopeOutcome.Complete, OnlyGrows: saysNothing), new(child, parent, false, null)];
        ScopeJudgement.Of(Facts(true), readToEnd: true).Vanished.ShouldBeEmpty();
        ScopeJudgement.Of(Facts(false), readToEnd: true).Vanished.ShouldBe([child]);
    }

    [Fact]
    public void Judgement_OfACircle_ConcludesNothing()
    {
        var (a, b) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        ScopeJudgement.Of([new(a, b, false, null), new(b, a, false, null)], readToEnd: true).Vanished.ShouldBeEmpty();
    }

    [Fact]
    public void Hash_OfTheSameInAnotherOrder_IsTheSame()
    {
        var one = Stage.Identity("a") with { Grants = [new("a", "x", true), new("b", "y", false)], JoinKeys = ["1", "2"] };
        var other = one with { Grants = [new("b", "y", false), new("a", "x", true)], JoinKeys = ["2", "1"] };
        Hash(other).ShouldBe(Hash(one));
        Hash(one with { Name = "b" }).ShouldNotBe(Hash(one));
        Hash(one with { JoinKeys = ["12"] }).ShouldNotBe(Hash(one));
    }

    [Fact]
    public void Cursor_OfAnotherOrderOrOfNonsense_IsNone()
    {
        var id = Guid.CreateVersion7();
        Cursor.Parse(new Cursor("name", "all", "k\ney", id).ToString(), "name").ShouldBe(new Cursor("name", "all", "k\ney", id));
        Cursor.Parse(new Cursor("name", "all", "key", id).ToString(), "kind").ShouldBeNull();
        Cursor.Parse("!!!", "name").ShouldBeNull();
        Cursor.Parse("AAAA", "name").ShouldBeNull();
    }

    private static Gen<string[]> Some(params string[] words) =>
        Gen.Elements(true, false, false).ListOf(words.Length).Select(picks => words.Where((_, i) => picks[i]).ToArray());

    private static byte[] Hash(IdentityObservation observation)
    {
        var hash = new CanonicalHash().Begin();
        new IdentityShape().Hash(observation, hash);
        return hash.End();
    }
}
