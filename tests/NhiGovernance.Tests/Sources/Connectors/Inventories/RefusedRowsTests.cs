using System.Globalization;
using NhiGovernance.Sources.Connectors.Inventories;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Sources.Connectors.Git;

namespace NhiGovernance.Tests.Sources.Connectors.Inventories;

/// <summary>However much is refused, its count is true and what is kept of it is bounded.</summary>
public sealed class RefusedRowsTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(3, 3)]
    [InlineData(RefusedRows.Most, RefusedRows.Most)]
    [InlineData(50_000, RefusedRows.Most)]
    public async Task Keep_AnyNumber_KeepsTheFirstAndTheTrueCount(int refused, int kept)
    {
        var rows = new RefusedRows();
        for (var n = 1; n <= refused; n++)
        {
            rows.Add("a.csv", n, "id missing");
        }

        var (report, notes) = await KeepAsync(rows);

        report.Count.ShouldBe(refused);
        report.Rows.Select(r => r.Line).ShouldBe(Enumerable.Range(1, kept));
        notes.Count.ShouldBe(refused > 12 ? 13 : refused);
        if (refused > 12)
        {
            notes[0].ShouldStartWith(string.Create(CultureInfo.InvariantCulture, $"{refused:N0} refusals, of which these are the first 12"));
            notes[0].ShouldEndWith(refused == kept ? "all of them" : "the first 10,000 of 50,000");
        }
    }

    [Fact]
    public async Task Keep_LongReasons_StaysWithinItsSizeAndSaysTheCountFirst()
    {
        var (rows, reason) = (new RefusedRows(), new string('r', 2_000));
        for (var n = 1; n <= 5_000; n++)
        {
            rows.Add("a.csv", n, reason);
        }

        var (report, notes) = await KeepAsync(rows);

        report.Count.ShouldBe(5_000);
        report.Rows.Count.ShouldBe(RefusedRows.MostCharacters / 2_005);
        notes[0].ShouldStartWith("5,000 refusals");
        notes.Sum(n => Math.Min(n.Length, 500) + 1).ShouldBeLessThan(4_000, "a run's notes hold no more");
    }

    [Fact]
    public async Task Keep_None_ForgetsTheLastRuns()
    {
        var (report, notes) = await KeepAsync(new RefusedRows());
        report.ShouldBe(RefusedReport.None);
        notes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("[{\"File\":\"a.csv\",\"Line\":3,\"Reason\":\"id missing\"}]", 1)]
    [InlineData("{", 0)]
    [InlineData("{}", 0)]
    [InlineData("null", 0)]
    public void Read_WhatOlderVersionsOrNobodyWrote_IsUnderstoodOrNothing(string json, int rows)
    {
        var report = RefusedRows.Read(json);
        (report.Count, report.Rows.Count).ShouldBe((rows, rows));
    }

    private static async Task<(RefusedReport Report, List<string> Notes)> KeepAsync(RefusedRows rows)
    {
        var (memory, notes) = (new KeptMemory(), new List<string>());
        var context = new ConnectorContext(Guid.CreateVersion7(), new SourceSettings(new Dictionary<string, string>()), null!, null!, TimeProvider.System)
        {
            Memory = memory,
            Note = notes.Add,
        };
        await rows.KeepAsync(context, Cancel);
        return (RefusedRows.Read(await memory.GetAsync(RefusedRows.MemoryKey, Cancel)), notes);
    }
}
