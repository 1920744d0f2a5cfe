using System.Text.RegularExpressions;
using NhiGovernance.Web.Audit;

namespace NhiGovernance.Tests.Architecture;

/// <summary>The actions that the code writes to the audit log, and the groups of them that the log's page offers, are the same ones.</summary>
public sealed partial class AuditActionTests
{
    /// <summary>Who takes an action from its caller: the context itself, and <c>Links.Add</c>, whose callers are read instead.</summary>
    private static readonly string[] HandOn = ["Contexts.cs", "CreateAdminLink.cs"];

    [Fact]
    public void Groups_ThatThePageOffers_AreThoseOfTheActionsInTheCode()
    {
        var (actions, unread) = Read();

        unread.Where(u => u.Argument.Split('.')[^1] != "Action" && !(u.Argument == "action" && HandOn.Contains(u.File))).ShouldBeEmpty("an action has to be written out where it is said, or this test must learn to read it");
        actions.Count.ShouldBeGreaterThan(50);
        actions.Select(a => a[..(a.IndexOf('.', StringComparison.Ordinal) + 1)]).Distinct().Order(StringComparer.Ordinal).ShouldBe(AuditWords.Groups);
    }

    /// <summary>The literals of each first argument ("a ? x : y" has two) and of constants named Action, and the first arguments that have none.</summary>
    private static (HashSet<string> Actions, List<(string File, string Argument)> Unread) Read()
    {
        var (actions, unread) = (new HashSet<string>(StringComparer.Ordinal), new List<(string, string)>());
        foreach (var file in Repository.Files("src", "*.cs"))
        {
            var text = File.ReadAllText(file);
            foreach (var argument in First().Matches(text).Concat(Link().Matches(text)).Concat(Constant().Matches(text)).Select(m => m.Groups[1].Value.Trim()))
            {
                var found = Name().Matches(argument).Select(m => m.Groups[1].Value).ToList();
                actions.UnionWith(found);
                if (found.Count == 0)
                {
                    unread.Add((Path.GetFileName(file), argument));
                }
            }
        }

        return (actions, unread);
    }

    [GeneratedRegex(@"(?:context\.Audit|new AuditRecord)\(([^,]+),", RegexOptions.NonBacktracking)]
    private static partial Regex First();

    /// <summary>The last argument.</summary>
    [GeneratedRegex(@"Links\.Add\([^;]*, ([^,;]+)\);", RegexOptions.NonBacktracking)]
    private static partial Regex Link();

    [GeneratedRegex("const string Action = ([^;]+);", RegexOptions.NonBacktracking)]
    private static partial Regex Constant();

    [GeneratedRegex(@"""([a-z]+\.[a-z-]+)""", RegexOptions.NonBacktracking)]
    private static partial Regex Name();
}
