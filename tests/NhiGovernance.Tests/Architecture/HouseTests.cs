using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;

namespace NhiGovernance.Tests.Architecture;

/// <summary>The rules of the house (docs/adr/0001-house.md), checked over everything that is there.</summary>
public sealed partial class HouseTests
{
    /// <summary>Which slice may name which. Data and Common are open to all and name nobody.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Common"] = ["Data"],
        ["Data"] = [],
        ["Sources"] = [],
        ["Catalogue"] = ["Sources"],
        ["Inventory"] = ["Catalogue", "Sources"],
        ["Access"] = ["Catalogue", "Sources"],
        ["Audit"] = [],
        ["Jobs"] = ["Sources"],
    };

    private static readonly Assembly Engine = typeof(GovernanceDb).Assembly;
    private static readonly Assembly Host = Assembly.Load("NhiGovernance.Web");

    [Fact]
    public void Slices_OfTheEngine_NameOnlyWhatTheyMay()
    {
        var arrows = Repository.Files("src/NhiGovernance", "*.cs")
            .SelectMany(file => Usings().Matches(File.ReadAllText(file)).Select(m => (
                From: Path.GetRelativePath(Path.Combine(Repository.Root, "src/NhiGovernance"), file).Split(Path.DirectorySeparatorChar)[0],
                To: m.Groups[1].Value,
                File: file)))
            .Where(a => a.From != a.To && a.To is not ("Common" or "Data"))
            .ToList();

        arrows.ShouldNotBeEmpty();
        arrows.Where(a => !Allowed.TryGetValue(a.From, out var may) || !may.Contains(a.To)).ShouldBeEmpty();
    }

    [Fact]
    public void Engine_References_NoHostNoSchedulerNoDriver()
    {
        string[] banned = ["Microsoft.AspNetCore.", "Quartz", "Npgsql", "Microsoft.Data.SqlClient", "System.CommandLine"];
        Engine.GetReferencedAssemblies().Select(a => a.Name!)
            .Where(name => banned.Any(b => name.StartsWith(b, StringComparison.Ordinal))).ShouldBeEmpty();
    }

    [Fact]
    public void Quartz_IsNamed_InOneFolder() =>
        Repository.Files("src", "*.cs")
            .Where(f => File.ReadAllText(f).Contains("using Quartz", StringComparison.Ordinal))
            .Where(f => !f.Contains(Path.Combine("NhiGovernance.Web", "Jobs"), StringComparison.Ordinal))
            .ShouldBeEmpty();

    [Fact]
    public void Components_Inject_NoDatabase()
    {
        var guilty =
            from type in Host.GetTypes()
            where typeof(IComponent).IsAssignableFrom(type)
            from property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            where property.GetCustomAttribute<InjectAttribute>() is not null
            where property.PropertyType == typeof(GovernanceDb) || property.PropertyType == typeof(IDbContextFactory<GovernanceDb>)
            select $"{type.Name}.{property.Name}";
        guilty.ShouldBeEmpty();
    }

    [Fact]
    public void Pages_AreProtected_UnlessTheySayOtherwise() =>
        Host.GetTypes()
            .Where(t => t.GetCustomAttributes<RouteAttribute>().Any())
            .Where(t => t.GetCustomAttribute<AuthorizeAttribute>() is null && t.GetCustomAttribute<AllowAnonymousAttribute>() is null)
            .ShouldBeEmpty();

    /// <summary>A value with an event of its own sends the echo of an older letter over the letters that were typed since; a binding does not.</summary>
    [Fact]
    public void Fields_ThatAnswerToEveryLetter_AreBound() =>
        Repository.Files("src", "*.razor").SelectMany(f => File.ReadLines(f).Where(l => l.Contains("@oninput", StringComparison.Ordinal)).Select(l => (f, l))).ShouldBeEmpty();

    [Fact]
    public void Files_OfTheProduct_AreShort() =>
        Repository.Files("src", "*.cs").Concat(Repository.Files("src", "*.razor"))
            .Select(f => (File: f, Lines: File.ReadLines(f).Count()))
            .Where(f => f.Lines > 300)
            .ShouldBeEmpty();

    [GeneratedRegex(@"^using NhiGovernance\.(\w+)", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Usings();
}
