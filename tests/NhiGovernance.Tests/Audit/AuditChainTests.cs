using FsCheck.Fluent;
using NhiGovernance.Audit;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Audit;

public sealed class AuditChainTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Next_OfAWholeChain_FindsNothing()
    {
        var (fault, verified) = Verify(Chain(50));

        fault.ShouldBeNull();
        verified.ShouldBe(50);
    }

    [Fact]
    public void Canonicalise_KnownEntry_GivesTheDocumentedBytes()
    {
        var bytes = AuditChain.Canonicalise(Chain(1)[0]);

        bytes[0].ShouldBe((byte)1);
        Convert.ToHexString(bytes.AsSpan(1, 4)).ShouldBe("00000020");
        bytes.AsSpan(5, 32).ToArray().ShouldAllBe(b => b == 0);
        Convert.ToHexString(bytes.AsSpan(37, 12)).ShouldBe("000000080000000000000001");
    }

    [Fact]
    public void Canonicalise_TextMovedBetweenFields_GivesOtherBytes()
    {
        var entry = Chain(1)[0];

        AuditChain.Hash(entry.With(action: "ab", targetKind: "c")).ShouldNotBe(AuditChain.Hash(entry.With(action: "a", targetKind: "bc")));
        AuditChain.Hash(entry.With(note: null, setNote: true)).ShouldNotBe(AuditChain.Hash(entry.With(note: "", setNote: true)));
    }

    [Fact]
    public void Next_AnyChangeOfAnyEntry_NamesTheFirstBadSequence() => Prop.ForAll(
        Gen.Choose(1, 40).SelectMany(length => Gen.Choose(0, length - 1).SelectMany(at => Gen.Choose(0, Tampering.Count - 1)
            .Select(how => (length, at, how)))).ToArbitrary(),
        probe =>
        {
            var (length, at, how) = probe;
            var chain = Chain(length);
            var expected = Tampering.Apply(chain, at, how);
            return expected is null || Verify(chain).Fault?.Sequence == expected;
        }).CheckCases();

    [Fact]
    public void Next_EntryRehashedAfterAChange_IsFoundAtItsSuccessor()
    {
        var chain = Chain(10);
        chain[4] = Rehash(chain[4].With(action: "other"));

        Verify(chain).Fault.ShouldBe(new AuditFault(6, AuditFaultKind.WrongPredecessor, "Entry 6 does not name entry 5 as its predecessor."));
    }

    [Fact]
    public void End_NewestEntriesCutOff_IsFoundByANotedHead()
    {
        var chain = Chain(10);
        var head = new AuditHead(10, Convert.ToHexStringLower(chain[9].Hash));

        Verify(chain[..8], head).Fault!.Sequence.ShouldBe(9);
        Verify(chain, head).Fault.ShouldBeNull();
    }

    [Fact]
    public void Next_LogRewrittenWhole_IsFoundByANotedHead()
    {
        var head = new AuditHead(5, Convert.ToHexStringLower(Chain(5)[4].Hash));

        Verify(Chain(10, action: "rewritten"), head).Fault!.Kind.ShouldBe(AuditFaultKind.Rewritten);
    }

    [Fact]
    public void Of_PropertiesInAnotherOrder_GivesTheSameDigest() =>
        StateDigest.Of(new { Name = "a", Count = 2 }).ShouldBe(StateDigest.Of(new { Count = 2, Name = "a" }));

    [Fact]
    public void Of_AnotherValue_GivesAnotherDigest() =>
        StateDigest.Of(new { Name = "a" }).ShouldNotBe(StateDigest.Of(new { Name = "b" }));

    internal static List<AuditEntry> Chain(int length, string action = "source.create")
    {
        var actor = Actor.System("test");
        var chain = new List<AuditEntry>(length);
        var previous = AuditChain.Genesis;
        for (var i = 1; i <= length; i++)
        {
            var record = new AuditRecord(action, "source", $"id-{i}", i % 3 == 0 ? null : new { i }, new { Next = i }, i % 2 == 0 ? null : $"note {i}");
            chain.Add(AuditTrail.Chain(record, actor, $"request-{i}", Start.AddSeconds(i), i, previous));
            previous = chain[^1].Hash;
        }

        return chain;
    }

    internal static AuditEntry Rehash(AuditEntry entry) => entry.With(hash: AuditChain.Hash(entry));

    private static (AuditFault? Fault, long Verified) Verify(List<AuditEntry> chain, AuditHead? head = null)
    {
        var verifier = new AuditVerifier(head);
        foreach (var entry in chain)
        {
            if (verifier.Next(entry) is { } fault)
            {
                return (fault, verifier.Verified);
            }
        }

        return (verifier.End(), verifier.Verified);
    }
}
