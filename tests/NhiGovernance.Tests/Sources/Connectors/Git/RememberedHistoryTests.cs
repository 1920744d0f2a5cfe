using System.Globalization;
using NhiGovernance.Sources.Connectors.Git.Automation;
using NhiGovernance.Sources.Connectors.Git.Signatures;

namespace NhiGovernance.Tests.Sources.Connectors.Git;

public sealed class RememberedHistoryTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Keep_OfMoreSignersThanOnePartHolds_ForgetsNone()
    {
        var memory = new KeptMemory();
        var many = (2 * RememberedHistory.PartSize) + 7;
        await KeepAsync(memory, many, whole: false);

        (await KeepAsync(memory, 0, whole: false)).Signers.Count.ShouldBe(many);
        (await KeepAsync(memory, 1, whole: false)).Signers.Values.Count(s => s.Remembered).ShouldBe(many - 1);

        // A run that reads everything forgets the others, in every part, and leaves its own.
        (await KeepAsync(memory, 3, whole: true)).Signers.Count.ShouldBe(3);
        (await KeepAsync(memory, 0, whole: false)).Signers.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Keep_OfWhatAnEarlierRunSawMoreOf_AddsItToThisRuns()
    {
        var memory = new KeptMemory();
        var now = TimeProvider.System.GetUtcNow();
        var first = new HistoryTally(null!, now);
        first.Signers["k"] = new SignerSum
        {
            Key = "k", Name = "k", Format = SignatureFormat.Ssh, First = now.AddDays(-9), Last = now.AddDays(-8), Tags = 1, SignsTags = true, Emails = { "old@example.com" },
        };
        first.Automata["bot"] = new AutomatonSum { Key = "bot", Name = "bot", Kind = NhiGovernance.Sources.Contract.IdentityKind.Bot, First = now.AddDays(-9), Last = now.AddDays(-8), Authors = true, Authored = 4 };
        await RememberedHistory.KeepAsync(memory, "x", first, AutomationPatterns.Known, whole: true, Cancel);

        var second = new HistoryTally(null!, now);
        second.Signers["k"] = new SignerSum { Key = "k", Name = "k", Format = SignatureFormat.Ssh, First = now, Last = now, Commits = 2, SignsCommits = true, Emails = { "new@example.com" } };
        second.Automata["bot"] = new AutomatonSum { Key = "bot", Name = "bot", Kind = NhiGovernance.Sources.Contract.IdentityKind.Bot, First = now, Last = now, Helped = 1 };
        await RememberedHistory.KeepAsync(memory, "x", second, AutomationPatterns.Known, whole: false, Cancel);

        var signer = second.Signers["k"];
        (signer.First, signer.Last, signer.Commits, signer.Tags, signer.SignsCommits, signer.SignsTags, signer.Remembered)
            .ShouldBe((now.AddDays(-9), now, 2, 0, true, true, false));
        signer.Emails.ShouldBe(["new@example.com", "old@example.com"]);
        var bot = second.Automata["bot"];
        (bot.First, bot.Last, bot.Authors, bot.Helped, bot.Remembered).ShouldBe((now.AddDays(-9), now, true, 1, false));
    }

    [Theory]
    [InlineData("", "email:noreply@acme.example", "login:acme[bot]", "dependabot")]
    [InlineData("noreply@acme.example = Ours", "login:acme[bot]", "dependabot")]
    [InlineData("jane@acme.example\nacme[bot]", "email:noreply@acme.example", "own:jane@acme.example", "dependabot")]
    public async Task Keep_AfterTheSettingChanged_ForgetsWhatNoLongerHolds(string setting, params string[] kept)
    {
        var memory = new KeptMemory();
        var now = TimeProvider.System.GetUtcNow();
        var first = new HistoryTally(AutomationPatterns.Known, now);
        foreach (var key in (string[])["dependabot", "email:noreply@acme.example", "login:acme[bot]", "own:jane@acme.example"])
        {
            first.Automata[key] = new AutomatonSum { Key = key, Name = key, Kind = NhiGovernance.Sources.Contract.IdentityKind.Bot };
        }

        await RememberedHistory.KeepAsync(memory, "x", first, AutomationPatterns.Known, whole: true, Cancel);
        var second = new HistoryTally(AutomationPatterns.Known, now);
        await RememberedHistory.KeepAsync(memory, "x", second, AutomationPatterns.Known.With(OwnPrograms.Read(setting)), whole: false, Cancel);
        second.Automata.Keys.Order(StringComparer.Ordinal).ShouldBe(kept.Order(StringComparer.Ordinal));
    }

    private static async Task<HistoryTally> KeepAsync(KeptMemory memory, int signers, bool whole)
    {
        var now = TimeProvider.System.GetUtcNow();
        var tally = new HistoryTally(null!, now);
        for (var n = 0; n < signers; n++)
        {
            var key = n.ToString("x40", CultureInfo.InvariantCulture);
            tally.Signers[key] = new SignerSum { Key = key, Name = key, Format = SignatureFormat.Ssh, First = now, Last = now };
        }

        await RememberedHistory.KeepAsync(memory, "https://git.example/x", tally, AutomationPatterns.Known, whole, Cancel);
        return tally;
    }
}
