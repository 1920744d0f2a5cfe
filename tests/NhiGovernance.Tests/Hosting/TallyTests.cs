using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Hosting;

/// <summary>What test.sh says at its end, by the script that reads xunit's reports.</summary>
public sealed class TallyTests
{
    private const string Report = """
        <?xml version="1.0" encoding="utf-8"?><assemblies schema-version="3"><assembly total="5"><collection name="C" total="5">
        <test name="A.Seeded(fault: &quot;reset&quot;)" result="Pass" time="1"><output><![CDATA[seed 7
        not a seed
        seed 7: 3 polls, 0 lost
        ]]></output></test>
        <test name="A.Plain" result="Pass" time="1" /><test name="A.Talks" result="Pass" time="1"><output><![CDATA[no seed 9 here]]></output></test>
        <test name="A.Fails" result="Fail" time="1"><failure><message><![CDATA[it broke]]></message><stack-trace><![CDATA[at A]]></stack-trace></failure><output><![CDATA[seed 8]]></output></test>
        <test name="A.Skipped" result="Skip" time="0"><reason><![CDATA[no git]]></reason></test>
        </collection></assembly></assemblies>
        """;

    [Fact]
    public async Task Tally_OfAReport_NamesFailuresSkipsAndSeedsAndEndsWithTheSum()
    {
        var (code, lines) = await RunAsync(Report);

        lines.ShouldBe(
        [
            "SEEDED  A.Seeded(fault: \"reset\"): seed 7: 3 polls, 0 lost", "FAILED  A.Fails", "it broke", "at A", "SEEDED  A.Fails: seed 8",
            "SKIPPED A.Skipped: no git", "3 passed, 1 failed, 1 skipped",
        ]);
        code.ShouldBe(1);
    }

    [Fact]
    public async Task Tally_OfAPassingReport_NamesItsSeedsToo()
    {
        var (code, lines) = await RunAsync("""<test name="A" result="Pass"><output><![CDATA[seed 1, 60 polls]]></output></test>""");

        lines.ShouldBe(["SEEDED  A: seed 1, 60 polls", "1 passed, 0 failed"]);
        code.ShouldBe(0);
    }

    private static async Task<(int ExitCode, string[] Lines)> RunAsync(string report)
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "report.xml");
        await File.WriteAllTextAsync(file, report, TestContext.Current.CancellationToken);
        var (code, output) = await SourceCopy.RunAsync(
            Repository.Root, new Dictionary<string, string>(), "node", "build/tally.mjs", "0", file);
        return (code, output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
