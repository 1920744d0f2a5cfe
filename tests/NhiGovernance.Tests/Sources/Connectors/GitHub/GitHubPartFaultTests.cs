using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>Faults in lists that hang on others, and in everything that is asked: no false disappearance.</summary>
public sealed class GitHubPartFaultTests
{
    private static readonly DateTimeOffset Start = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Without those that cost real time and are the same for every list.</summary>
    public static TheoryData<ScriptedFault> QuickFaults => [.. Enum.GetValues<ScriptedFault>().Except(FaultDeck.Slow)];

    /// <summary>Answers with 200 that are no answers, to everything that is asked: lists and documents.</summary>
    [Theory]
    [InlineData(ScriptedFault.EmptyObject)]
    [InlineData(ScriptedFault.NullInstead)]
    [InlineData(ScriptedFault.WrongShape)]
    [InlineData(ScriptedFault.HoleInList)]
    public async Task ReadAsync_AnswerOfAnotherForm_NothingIsFalselyMissing(ScriptedFault fault)
    {
        var clock = new ImpatientClock(Start);
        var organization = new ScriptedOrganization(2, 3, everything: true);
        organization.AddAuditLog(3, Start.AddHours(-2));
        await using var github = await ScriptedGitHub.StartAsync(organization, clock);
        var polls = new GitHubPolls(github.Address, clock, ("auditLog", "true"), ("codespacesSecrets", "true"));
        var witness = new Witness();
        await GitHubFaultTests.PollAsync(polls, github, witness, lenient: false);
        foreach (var path in organization.Lists.Keys.Concat(organization.Documents.Keys.Where(_ => fault != ScriptedFault.HoleInList)).Order(StringComparer.Ordinal))
        {
            clock.Advance(TimeSpan.FromHours(25));
            github.Heal();
            github.Plan(fault, path, 1);
            await GitHubFaultTests.PollAsync(polls, github, witness, lenient: false);
        }

        github.Heal();
        (await GitHubFaultTests.PollAsync(polls, github, witness, lenient: false)).OfType<ScopeEnded>().ShouldNotContain(e => e.Outcome == ScopeOutcome.Failed);
    }

    /// <summary>
    /// Lists that hang on others, or that only grow. One page of each for each fault; in ./test.sh every second list for each, so that
    /// a list meets half of the faults. The reconcile test deals all of them.
    /// </summary>
    [Theory]
    [MemberData(nameof(QuickFaults))]
    public async Task ReadAsync_FaultInAPartOfAList_NothingIsFalselyMissing(ScriptedFault fault)
    {
        var clock = new ImpatientClock(Start);
        using var network = new ScriptedNetwork();
        var organization = new ScriptedOrganization(2, 5);
        organization.AddAuditLog(5, Start.AddHours(-2));
        await using var github = await ScriptedGitHub.StartAsync(organization, clock, network);
        var polls = new GitHubPolls(github.Address, clock, ("auditLog", "true")) { Http = network.ClientsAt(github.Port) };
        var witness = new Witness();
        await GitHubFaultTests.PollAsync(polls, github, witness, lenient: false);
        var group = organization.Lists["orgs/acme/actions/runner-groups"].Items[0]["id"];
        string[] parts =
        [
            "orgs/acme/actions/variables", "orgs/acme/actions/variables/VAR_4/repositories", "orgs/acme/dependabot/secrets/CHOSEN/repositories",
            $"orgs/acme/actions/runner-groups/{group}/repositories", "orgs/acme/bypass-requests/secret-scanning", "orgs/acme/audit-log",
            "repos/acme/repo-0/actions/variables", "repos/acme/repo-0/environments/production/variables",
        ];
        foreach (var (path, n) in parts.Select((p, n) => (p, n)).Where(p => GitHubFaultTests.IsLong || (p.n + (int)fault) % 2 == 0)
            .Where(p => !ScriptedOrganization.OnlyGrows(p.p) || fault is not (ScriptedFault.ItemGoesBetweenPages or ScriptedFault.ItemComesBetweenPages)))
        {
            clock.Advance(TimeSpan.FromHours(25));
            github.Heal();
            github.Plan(fault, path, 1 + ((n + (int)fault) % 3), n % 2 == 0 ? 1 : int.MaxValue);
            await GitHubFaultTests.PollAsync(polls, github, witness, FaultDeck.Silent.Contains(fault));
        }

        github.Heal();
        var healed = await GitHubFaultTests.PollAsync(polls, github, witness, lenient: false);
        healed.OfType<ScopeEnded>().Where(e => e.Outcome == ScopeOutcome.Failed && !e.Scope.Place.StartsWith("acme/NEW_", StringComparison.Ordinal)).ShouldBeEmpty();
        github.Trespasses.ShouldBe(0);
    }
}
