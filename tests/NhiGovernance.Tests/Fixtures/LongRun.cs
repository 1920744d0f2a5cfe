using System.Globalization;
using FsCheck;

namespace NhiGovernance.Tests.Fixtures;

/// <summary>How long the tests run that draw their cases: a sample in ./test.sh, the full length in ./test.sh long (docs/faults.md).</summary>
internal static class LongRun
{
    private const int Times = 20;

    /// <summary>No property takes more cases than this, however long it is wanted.</summary>
    private const int MostCases = 60_000;

    public static bool IsWanted => Environment.GetEnvironmentVariable("NHI_TEST_LONG") == "1";

    /// <summary>The seed of the calling test, said at once, so that the report names it however the test ends: build/tally.mjs shows the lines that begin with it.</summary>
    public static int Seed()
    {
        var seed = Number("NHI_SEED", 20261121, Environment.TickCount);
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        return seed;
    }

    /// <summary>What the setting says, or else the number for this length.</summary>
    public static int Number(string setting, int sample, int full) => Environment.GetEnvironmentVariable(setting) is { Length: > 0 } text
        ? int.Parse(text, CultureInfo.InvariantCulture)
        : IsWanted ? full : sample;

    /// <summary>Checks a property with so many cases, in the long run with twenty times as many. One that fails says its seed by itself.</summary>
    public static void CheckCases(this Property property, int cases = 100) =>
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(IsWanted ? Math.Min(cases * Times, MostCases) : cases), property);
}
