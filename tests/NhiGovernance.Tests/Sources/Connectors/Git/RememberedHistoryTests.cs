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

        // A run that reads everything starts afresh, in every part.
        await KeepAsync(memory, 3, whole: true);
        (await KeepAsync(memory, 0, whole: false)).Signers.ShouldBeEmpty();
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

        await RememberedHistory.KeepAsync(memory, "https://git.example/x", tally, whole, Cancel);
        return tally;
    }
}
