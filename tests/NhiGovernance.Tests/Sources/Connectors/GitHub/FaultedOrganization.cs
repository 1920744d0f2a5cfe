namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>An organization that has all that one can have, with three pages in most of its lists; things come and go, and it stays that size.</summary>
internal sealed class FaultedOrganization
{
    private const int Repositories = 3;
    private const int Things = 5;
    private const string Tokens = "orgs/acme/personal-access-tokens";
    private const string TokenRequests = "orgs/acme/personal-access-token-requests";
    private const string Alerts = "orgs/acme/secret-scanning/alerts";

    private readonly bool _asApp;
    private readonly Dictionary<string, string> _templates = new(StringComparer.Ordinal);

    public FaultedOrganization(bool asApp)
    {
        _asApp = asApp;
        Scripted.AddAuditLog(Things, TimeProvider.System.GetUtcNow().AddHours(-3));
        if (asApp)
        {
            // An installation lists its repositories elsewhere, and only an App sees fine-grained tokens.
            Scripted.Lists["installation/repositories"] = Scripted.Lists["orgs/acme/repos"] with { Property = "repositories" };
            Scripted.List(Tokens, null, new("fine-grained-tokens", "acme"), i => $"fine-grained-token:{i["id"]}");
            Scripted.List(TokenRequests, null, new("fine-grained-token-requests", "acme"), i => $"token-request:{i["id"]}");
            for (var n = 0; n < Things; n++)
            {
                Scripted.Add(Tokens, $$$"""{"owner":{"login":"person-{{{n}}}","id":{{{n + 1}}}},"repository_selection":"all","permissions":{"repository":{"contents":"write"}},"access_granted_at":"2026-01-01T00:00:00Z","token_id":{{{n + 5}}},"token_name":"laptop","token_expired":false,"token_expires_at":null,"token_last_used_at":null}""");
                Scripted.Add(TokenRequests, $$$"""{"reason":"{{{ScriptedOrganization.Canary}}}","owner":{"login":"person-{{{n}}}","id":{{{n + 1}}}},"repository_selection":"all","permissions":{"repository":{"contents":"write"}},"created_at":"2026-01-01T00:00:00Z","token_id":{{{n + 50}}},"token_name":"wanted","token_expired":false,"token_expires_at":null,"token_last_used_at":null}""");
            }

            Choose(Tokens);
            Choose(TokenRequests);
        }

        foreach (var (path, list) in Scripted.Lists.Where(l => l.Value.Items.Count > 1 && l.Value.Scope.Kind != ScriptedOrganization.Part))
        {
            _templates[path] = list.Items[0].ToJsonString();
        }
    }

    public ScriptedOrganization Scripted { get; } = new(Repositories, Things, TimeProvider.System.GetUtcNow(), everything: true);

    /// <summary>Lists that this sign-in asks for.</summary>
    public bool Asks(string path) => _asApp ? path is not ("orgs/acme/repos" or "user") : path is not ("installation/repositories" or "app/installations/99");

    /// <summary>Every natural key that the connector makes of what exists now, in any table.</summary>
    public HashSet<string> Alive()
    {
        var keys = Scripted.Truth().Values.SelectMany(k => k).ToHashSet(StringComparer.Ordinal);
        foreach (var key in keys.ToArray())
        {
            var id = key[(key.LastIndexOf(':') + 1)..];
            if (key.StartsWith("repository:", StringComparison.Ordinal))
            {
                keys.UnionWith([$"pipeline:repository:{id}", $"oidc-subject:repository:{id}", $"branch-protection:{id}:main", $"branch-rules:{id}:main", $"secret-scan:{id}"]);
            }
            else if (key.StartsWith("app-installation:", StringComparison.Ordinal))
            {
                keys.Add($"app-private-keys:{id}");
            }
        }

        keys.UnionWith(Scripted.Remembered());
        const long Id = ScriptedOrganization.Id;
        keys.UnionWith([$"organization:{Id}", $"pipeline:organization:{Id}", $"oidc-subject:organization:{Id}"]);
        return keys;
    }

    /// <summary>The natural keys of a repository and of all that its own lists hold. Its alerts are listed for the organization.</summary>
    public HashSet<string> HangingOn(string name)
    {
        var repository = Scripted.Lists["orgs/acme/repos"].Items.Single(i => (string)i["name"]! == name);
        var keys = Scripted.Truth().Where(s => s.Key.Place == $"acme/{name}").SelectMany(s => s.Value).ToHashSet(StringComparer.Ordinal);
        keys.Add($"repository:{repository["id"]}");
        return keys;
    }

    /// <summary>Back to its size after a poll, with new things for those that went; what a fault invented goes. The last things of a list, which may have lists of their own, stay.</summary>
    public void Tend(Random random)
    {
        lock (Scripted.Gate)
        {
            foreach (var name in Names().Where(n => n.StartsWith("NEW_", StringComparison.Ordinal)).ToList())
            {
                Scripted.RemoveRepository(name);
            }

            for (var n = 0; n < Repositories; n++)
            {
                if (!Names().Contains($"repo-{n}"))
                {
                    Scripted.AddRepository($"repo-{n}", Things);
                }
            }

            var lists = Scripted.Lists.Where(l => _templates.ContainsKey(l.Key) && !l.Key.EndsWith("repos", StringComparison.Ordinal)
                && l.Key != "installation/repositories" && !l.Key.StartsWith(Alerts, StringComparison.Ordinal)).OrderBy(l => l.Key, StringComparer.Ordinal).ToList();
            if (random.Next(3) == 0)
            {
                var items = lists[random.Next(lists.Count)].Value.Items;
                items.RemoveAt(random.Next(Math.Max(1, items.Count - 2)));
            }

            foreach (var (path, list) in lists)
            {
                while (list.Items.Count > Things)
                {
                    list.Items.RemoveAt(0);
                }

                while (list.Items.Count < Things)
                {
                    var item = Scripted.Another(System.Text.Json.Nodes.JsonNode.Parse(_templates[path])!.AsObject());
                    if (item["name"] is not null && !path.EndsWith("/hooks", StringComparison.Ordinal))
                    {
                        item["name"] = $"THING_{item["id"]}";
                    }

                    list.Items.Insert(0, item);
                }
            }

            // One alert for each, numbered; a new one has a new number already.
            Cut(Scripted.Lists[Alerts].Items, Repositories * Things);
            Cut(Scripted.Lists[Alerts + ScriptedOrganization.OfTypes].Items, Repositories * ScriptedOrganization.GenericAlerts);

            foreach (var environments in Scripted.Lists.Where(l => l.Key.EndsWith("/environments", StringComparison.Ordinal)).Select(l => l.Value.Items))
            {
                environments.RemoveAll(e => (string?)e["name"] != "production");
            }
        }
    }

    private static void Cut(List<System.Text.Json.Nodes.JsonObject> items, int most)
    {
        while (items.Count > most)
        {
            items.RemoveAt(0);
        }
    }

    /// <summary>The last one reaches chosen repositories, which are a list of their own.</summary>
    private void Choose(string tokens)
    {
        var last = Scripted.Lists[tokens].Items[^1];
        last["repository_selection"] = "subset";
        var chosen = $"{tokens}/{last["id"]}/repositories";
        Scripted.List(chosen, null, new(ScriptedOrganization.Part, chosen), i => $"{i["id"]}");
        for (var n = 0; n < Things; n++)
        {
            Scripted.Add(chosen, $$"""{"name":"chosen-{{n}}","full_name":"acme/chosen-{{n}}"}""");
        }
    }

    private List<string> Names() => [.. Scripted.Lists["orgs/acme/repos"].Items.Select(i => (string)i["name"]!)];
}
