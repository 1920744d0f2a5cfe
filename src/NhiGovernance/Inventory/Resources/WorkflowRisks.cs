using System.Text.Json;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Resources;

/// <summary>What is risky in a workflow file, the worst first. Pure.</summary>
internal static class WorkflowRisks
{
    private const int MostNamed = 3;

    public static IEnumerable<RiskFinding> Find(IReadOnlyDictionary<string, KnownValue> facts)
    {
        if (facts.GetValueOrDefault("problem") is { State: Knowledge.Value, Text: var problem })
        {
            return [new(ReleaseRisk.Unread, $"What it can do is not known: the file {problem}")];
        }

        FactList List(string name) => FactList.Read(facts.GetValueOrDefault(name));
        var findings = new List<RiskFinding>();
        Forks(List("forkExposure"), findings);
        Downloads(List("pipedToShell"), List("downloadedAndRun"), findings);
        Actions(List("unpinnedActions"), findings);
        if (List("staticKeys") is { Items.Count: > 0 } keys)
        {
            findings.Add(new(ReleaseRisk.StaticKey, $"Signs in with a static key to {Some(keys.Texts("target"))}{(keys.Items.Any(k => FactList.Flag(k, "inFile")) ? ", whose value stands in the file" : string.Empty)}"));
        }

        if (List("permissions").Items.Where(WritesAll).Select(p => FactList.Text(p, "job")).OfType<string>().ToList() is { Count: > 0 } jobs)
        {
            findings.Add(new(ReleaseRisk.WritesEverything, $"The token of {Some(jobs)} may write everything"));
        }

        Runners(List("selfHostedRunners"), findings);
        if (List("unpinnedImages") is { Items.Count: > 0 } images)
        {
            findings.Add(new(ReleaseRisk.UnpinnedImage, $"{Many(images, "image", "images")} not pinned to a digest: {Some(images.Texts("image"))}"));
        }

        return findings;
    }

    private static void Forks(FactList exposures, List<RiskFinding> findings)
    {
        // A guarded job looks at where the pull request comes from; that it looks well is not known, but it is no open door.
        var open = exposures.Items.Where(e => !FactList.Flag(e, "guarded")).ToList();
        foreach (var kind in open.GroupBy(e => FactList.Text(e, "reach") ?? string.Empty, StringComparer.Ordinal))
        {
            var jobs = Some(kind.Select(e => FactList.Text(e, "job")).OfType<string>());
            var secrets = kind.SelectMany(e => e.TryGetProperty("secrets", out var names) && names.ValueKind == JsonValueKind.Array
                ? names.EnumerateArray().Select(n => n.GetString()).OfType<string>() : []).ToList();
            var reached = secrets.Count > 0 ? $"; {Some(secrets.Select(s => s == "*" ? "all secrets" : s))} {(secrets is [not "*"] ? "is" : "are")} at hand" : string.Empty;
            var sent = kind.SelectMany(e => e.TryGetProperty("ifSent", out var names) && names.ValueKind == JsonValueKind.Array ? names.EnumerateArray() : []).Any()
                ? "; with secrets where a private repository sends them to forks, which only its settings say" : string.Empty;
            findings.Add(new(ReleaseRisk.ForkReach, kind.Key switch
            {
                "runsForkCodeWithPrivileges" => $"A pull request from a fork runs its own code with secrets or a writing token in {jobs}{reached}",
                "checksOutForkCodeWithPrivileges" => $"A fork's code is checked out beside secrets or a writing token in {jobs}{reached}",
                "usesArtifactsOfForkRuns" => $"Artifacts that a fork's run made are used with privileges in {jobs}{reached}",
                "textOfForkInScript" => $"Text that a stranger writes stands inside a script in {jobs}{reached}{sent}",
                "runsForkCodeOnOwnRunner" => $"A pull request from a fork runs its code on a machine of one's own in {jobs}{sent}",
                "mayRunForkCodeOnOwnRunner" => $"A pull request from a fork runs its code in {jobs}; if that runner is one's own, on a machine of one's own: Git does not say{sent}",
                _ => $"Strangers start {jobs}, with secrets or a writing token at hand{reached}",
            }));
        }
    }

    private static void Downloads(FactList piped, FactList later, List<RiskFinding> findings)
    {
        if (piped.Items.Count > 0)
        {
            findings.Add(new(ReleaseRisk.DownloadedAndRun, $"A download is piped straight into a shell in {Lines(piped)}"));
        }

        if (later.Items.Count > 0)
        {
            findings.Add(new(ReleaseRisk.DownloadedAndRun, $"A downloaded file is run unseen in {Lines(later)}"));
        }
    }

    private static void Actions(FactList unpinned, List<RiskFinding> findings)
    {
        if (unpinned.Items.Count == 0)
        {
            return;
        }

        // Whoever is neither this owner nor GitHub first: it is their account that would have to be taken.
        var sorted = unpinned.Items.OrderByDescending(a => FactList.Flag(a, "thirdParty")).ToList();
        var others = sorted.Count(a => FactList.Flag(a, "thirdParty"));
        findings.Add(new(
            ReleaseRisk.UnpinnedAction,
            $"{Many(unpinned, "action", "actions")} not pinned to a commit{(others > 0 ? $", {others} of third parties" : ", none of a third party")}: {Some(sorted.Select(a => FactList.Text(a, "uses")).OfType<string>())}"));
    }

    private static void Runners(FactList runners, List<RiskFinding> findings)
    {
        string Jobs(string kind) => Some(runners.Items.Where(r => FactList.Text(r, "kind") == kind).Select(r => FactList.Text(r, "job")).OfType<string>());
        if (Jobs("selfHosted") is { Length: > 0 } own)
        {
            findings.Add(new(ReleaseRisk.SelfHostedRunner, $"Runs on a self-hosted runner in {own}"));
        }

        if (Jobs("unknown") is { Length: > 0 } maybe)
        {
            findings.Add(new(ReleaseRisk.SelfHostedRunner, $"Whether the runner of {maybe} is self-hosted is not known: Git does not say"));
        }
    }

    private static bool WritesAll(JsonElement permissions) =>
        permissions.ValueKind == JsonValueKind.Object && permissions.TryGetProperty("scopes", out var scopes) && FactList.Text(scopes, "*") == "write";

    private static string Many(FactList list, string one, string many) =>
        $"{list.Count()} {(list.Items.Count == 1 && !list.IsCut ? one + " is" : many + " are")}";

    private static string Lines(FactList list) =>
        Some(list.Items.Select(i => $"{FactList.Text(i, "job")}, line {FactList.Text(i, "line")}"), "; ");

    private static string Some(IEnumerable<string> names, string between = ", ")
    {
        var all = names.Distinct(StringComparer.Ordinal).ToList();
        return string.Join(between, all.Take(MostNamed)) + (all.Count > MostNamed ? $" and {all.Count - MostNamed} more" : string.Empty);
    }
}
