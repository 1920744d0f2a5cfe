namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>Every fault at every page of every list, and at every document: lasting ones first, then those that happen once.</summary>
internal static class FaultDeck
{
    /// <summary>A client cannot see these in one run; that a thing must be missed twice, and the brake, stand against them.</summary>
    public static readonly ScriptedFault[] Silent = [ScriptedFault.EmptyList, ScriptedFault.SilentlyShorter];

    /// <summary>They cost real time, so a poll that meets one may not wait long.</summary>
    public static readonly ScriptedFault[] Slow = [ScriptedFault.SilentMidBody, ScriptedFault.SlowerThanAllowed, ScriptedFault.ConnectionSilent];

    private static readonly ScriptedFault[] OfLists =
    [
        ScriptedFault.EmptyList, ScriptedFault.SilentlyShorter, ScriptedFault.HoleInList, ScriptedFault.ItemTwice, ScriptedFault.OrderChanges,
        ScriptedFault.ItemGoesBetweenPages, ScriptedFault.ItemComesBetweenPages,
    ];

    public static List<FaultPlan> Shuffled(ScriptedOrganization organization, int pageSize, Random random)
    {
        var lasting = All(organization, pageSize, int.MaxValue).ToArray();
        var once = All(organization, pageSize, 1).ToArray();
        random.Shuffle(lasting);
        random.Shuffle(once);
        return [.. lasting, .. once];
    }

    /// <summary>One fault at every page of one list; none where it makes no sense.</summary>
    public static IEnumerable<FaultPlan> Of(ScriptedOrganization organization, int pageSize, ScriptedFault fault, string path, int times)
    {
        var items = organization.Lists[path].Items.Count;
        return Fits(fault, path, items)
            ? Enumerable.Range(1, Math.Max(1, (items + pageSize - 1) / pageSize)).Select(page => new FaultPlan(fault, path, page, times))
            : [];
    }

    private static IEnumerable<FaultPlan> All(ScriptedOrganization organization, int pageSize, int times)
    {
        foreach (var fault in Enum.GetValues<ScriptedFault>())
        {
            foreach (var card in organization.Lists.Keys.Order(StringComparer.Ordinal).SelectMany(path => Of(organization, pageSize, fault, path, times)))
            {
                yield return card;
            }

            if (!OfLists.Contains(fault) && fault < ScriptedFault.SamePageForEver)
            {
                foreach (var path in organization.Documents.Keys.Order(StringComparer.Ordinal))
                {
                    yield return new(fault, path, 1, times);
                }
            }
        }
    }

    private static bool Fits(ScriptedFault fault, string path, int items) => fault switch
    {
        ScriptedFault.ItemTwice or ScriptedFault.SilentlyShorter => items > 0,
        // What the rules of a branch make is one thing; it has no items that come and go.
        ScriptedFault.ItemGoesBetweenPages or ScriptedFault.ItemComesBetweenPages => items > 1 && !path.Contains("/rules/", StringComparison.Ordinal)
            && !ScriptedOrganization.OnlyGrows(path),
        _ => true,
    };
}
