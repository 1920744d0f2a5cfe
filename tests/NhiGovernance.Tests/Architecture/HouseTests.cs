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
    /// <summary>Which slice may name which. Data and Common are open to all; Data names nobody, Common only Data.</summary>
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
        var compiled = TypeReferences.Of(Engine.Location)
            .Where(r => r.From.StartsWith("NhiGovernance.", StringComparison.Ordinal) && r.To.StartsWith("NhiGovernance.", StringComparison.Ordinal))
            .Select(r => (From: r.From.Split('.')[1], To: r.To.Split('.')[1], What: $"{r.From} names {r.To}")).ToList();

        // A constant leaves no trace in what was compiled; a name in the source does.
        var written = Repository.Files("src/NhiGovernance", "*.cs").SelectMany(file => File.ReadLines(file)
            .Where(line => !line.StartsWith("namespace ", StringComparison.Ordinal) && !line.TrimStart().StartsWith("//", StringComparison.Ordinal))
            .SelectMany(line => Names().Matches(line))
            .Select(m => (
                From: Path.GetRelativePath(Path.Combine(Repository.Root, "src/NhiGovernance"), file).Split(Path.DirectorySeparatorChar)[0],
                To: m.Groups[1].Value, What: $"{file} says {m.Value}"))).ToList();

        compiled.Count.ShouldBeGreaterThan(1_000);
        written.Count.ShouldBeGreaterThan(500);
        compiled.Concat(written).Where(a => !May(a.From, a.To)).Select(a => a.What).Distinct().Order(StringComparer.Ordinal).ShouldBeEmpty();
    }

    private static bool May(string from, string to) =>
        from == to || (to is "Common" or "Data" && from is not ("Common" or "Data")) || (Allowed.TryGetValue(from, out var may) && may.Contains(to));

    /// <summary>Each slice only names slices that it may, and those never lead back to it.</summary>
    [Fact]
    public void Slices_ThatMayNameEachOther_FormNoCircle()
    {
        var left = Allowed.ToDictionary(a => a.Key, a => a.Value.Where(Allowed.ContainsKey).ToHashSet());
        while (left.FirstOrDefault(l => l.Value.Count == 0).Key is { } bottom)
        {
            left.Remove(bottom);
            foreach (var above in left.Values)
            {
                above.Remove(bottom);
            }
        }

        left.Keys.ShouldBeEmpty();
        Directory.GetDirectories(Path.Combine(Repository.Root, "src/NhiGovernance")).Select(Path.GetFileName)
            .Where(f => f is not ("bin" or "obj")).ShouldBe(Allowed.Keys, ignoreOrder: true);
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

    /// <summary>What a file is called by others, and where it stands, are one thing.</summary>
    [Fact]
    public void Namespaces_OfAllThatSomebodyWrote_AreTheirFolders()
    {
        var found = ((string[])["src", "tests", "migrations"])
            .SelectMany(root => ((string[])["*.cs", "*.razor"]).SelectMany(kind => Repository.Files(root, kind)).Select(file => (
                File: Path.GetRelativePath(Repository.Root, file),
                Folder: Path.GetRelativePath(Path.Combine(Repository.Root, root), Path.GetDirectoryName(file)!).Replace(Path.DirectorySeparatorChar, '.'),
                Said: File.ReadLines(file).Select(line => Namespace().Match(line)).FirstOrDefault(m => m.Success)?.Groups[1].Value)))
            .ToList();

        found.Count(f => f.Said is not null).ShouldBeGreaterThan(700);
        found.Where(f => f.Said is null ? f.File.EndsWith(".cs", StringComparison.Ordinal) && Path.GetFileName(f.File) is not ("Program.cs" or "GlobalUsings.cs") : f.Said != f.Folder)
            .ShouldBeEmpty();
    }

    /// <summary>Tests stand in folders named like what they test; beside those only what serves all tests.</summary>
    [Fact]
    public void Folders_OfTheTests_AreThoseOfWhatTheyTest()
    {
        string[] shared = ["Architecture", "Data", "Fakes", "Fixtures", "Samples", "Security"];
        var root = Path.Combine(Repository.Root, "tests/NhiGovernance.Tests");
        var folders = Repository.Files("tests/NhiGovernance.Tests", "*.cs").Select(f => Path.GetRelativePath(root, Path.GetDirectoryName(f)!)).Distinct()
            .Where(f => !shared.Contains(f.Split(Path.DirectorySeparatorChar)[0])).ToList();

        folders.Count.ShouldBeGreaterThan(15);
        folders.Where(f => !((string[])["src/NhiGovernance", "src/NhiGovernance.Web"]).Any(s => Directory.Exists(Path.Combine(Repository.Root, s, f)))).ShouldBeEmpty();
    }

    /// <summary>All that somebody wrote; what dotnet-ef generated is as long as the model.</summary>
    [Fact]
    public void Files_ThatSomebodyWrote_AreShort()
    {
        string[] generated = ["_Initial.cs", ".Designer.cs", "ModelSnapshot.cs"];
        var files = ((string[])["src", "tests", "migrations", "wwwroot", "build"])
            .SelectMany(folder => ((string[])["*.cs", "*.razor", "*.js", "*.mjs", "*.css", "*.sh"]).SelectMany(kind => Repository.Files(folder, kind)))
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}node_modules{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
                && !generated.Any(g => f.EndsWith(g, StringComparison.Ordinal)))
            .Select(f => (File: Path.GetRelativePath(Repository.Root, f), Lines: File.ReadLines(f).Count())).ToList();

        files.Count.ShouldBeGreaterThan(600);
        foreach (var kind in (string[])[".cs", ".razor", ".js", ".css"])
        {
            files.ShouldContain(f => f.File.EndsWith(kind, StringComparison.Ordinal));
        }

        files.Where(f => f.Lines > 300).ShouldBeEmpty();
    }

    [Fact]
    public void Decisions_AreNumberedWithoutAGap_AndListed()
    {
        var files = Directory.GetFiles(Path.Combine(Repository.Root, "docs/adr"), "0*.md").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal).ToList();
        files.Select(f => f[..4]).ShouldBe(Enumerable.Range(1, files.Count).Select(n => n.ToString("0000", System.Globalization.CultureInfo.InvariantCulture)));
        var list = File.ReadAllText(Path.Combine(Repository.Root, "docs/adr/README.md"));
        files.ShouldAllBe(f => list.Contains($"[{f.Substring(0, 4)}]({f})"));
        files.ShouldAllBe(f => File.ReadLines(Path.Combine(Repository.Root, "docs/adr", f)).First().StartsWith($"# {f.Substring(0, 4)} "));
    }

    /// <summary>In a using, or spelled whole; not in a text.</summary>
    [GeneratedRegex(@"(?:^|[^.\w""])NhiGovernance\.([A-Z]\w+)", RegexOptions.NonBacktracking)]
    private static partial Regex Names();

    [GeneratedRegex(@"^@?namespace ([\w.]+)", RegexOptions.NonBacktracking)]
    private static partial Regex Namespace();
}
