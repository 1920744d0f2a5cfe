using System.Text.Json;
using System.Text.RegularExpressions;

namespace NhiGovernance.Tests.Architecture;

/// <summary>The README's table of settings and the settings that the code reads are the same ones.</summary>
public sealed partial class SettingsDocumentTests
{
    /// <summary>Set by the host for the framework, whatever anybody says.</summary>
    private const string NotASetting = "ForwardedHeaders_Enabled";

    [Fact]
    public void Settings_ThatTheCodeReads_AreThoseOfTheReadme()
    {
        var read = Repository.Files("src", "*.cs").Concat(Repository.Files("migrations", "*.cs")).Select(File.ReadAllText)
            .Where(text => text.Contains("onfiguration", StringComparison.Ordinal)).SelectMany(Keys)
            .Where(key => key != NotASetting).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase).ToList();
        using var defaults = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "appsettings.json")));
        var given = defaults.RootElement.EnumerateObject().Select(p => p.Name).ToList();
        var named = Named();

        read.Count.ShouldBeGreaterThan(25);
        read.Where(key => !named.Contains(key)).ShouldBeEmpty("read by the code, and not in the README's table");
        named.Where(key => !read.Contains(key, StringComparer.OrdinalIgnoreCase) && !given.Contains(key.Split(':')[0])).ShouldBeEmpty("in the README's table, and read by nobody");
        given.Where(key => !named.Any(n => n.Split(':')[0] == key)).ShouldBeEmpty("in appsettings.json, and not in the README's table");
    }

    [Fact]
    public void Links_OfTheDocuments_LeadToFiles()
    {
        var documents = Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories).Append(Path.Combine(Repository.Root, "README.md"))
            .SelectMany(file => Link().Matches(File.ReadAllText(file)).Select(m => (File: file, To: m.Groups[1].Value.Split('#')[0])))
            .Where(l => l.To.Length > 0 && !l.To.Contains("://", StringComparison.Ordinal)).ToList();

        documents.Count.ShouldBeGreaterThan(10);
        documents.Where(l => !Path.Exists(Path.Combine(Path.GetDirectoryName(l.File)!, l.To))).ShouldBeEmpty();
    }

    /// <summary>The folders and files of this repository that texts name stand where they say.</summary>
    [Fact]
    public void Paths_ThatDocumentsName_AreThere()
    {
        var named = Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories).Append(Path.Combine(Repository.Root, "README.md"))
            .SelectMany(file => Code().Matches(File.ReadAllText(file)).Select(m => (File: file, Path: m.Groups[1].Value))).ToList();

        named.Count.ShouldBeGreaterThan(3);
        named.Where(n => !Path.Exists(Path.Combine(Repository.Root, n.Path))).ShouldBeEmpty();
    }

    private static IEnumerable<string> Keys(string text)
    {
        var section = Section().Match(text) is { Success: true } named ? named.Groups[1].Value : null;
        var constants = Constant().Matches(text).Select(m => m.Groups[1].Value).ToList();
        return
        [
            .. Whole().Matches(text).Select(m => m.Groups[1].Value),
            .. Indexed().Matches(text).Select(m => m.Groups[1].Value),
            .. constants,
            .. Longer().Matches(text).Select(m => constants[0] + m.Groups[1].Value),
            .. section is null ? [] : Inside().Matches(text).Select(m => $"{section}:{m.Groups[1].Value}"),
        ];
    }

    private static HashSet<string> Named()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        var part = text[text.IndexOf("\n## Settings", StringComparison.Ordinal)..];
        return part[..part.IndexOf("\n## ", 5, StringComparison.Ordinal)].Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .SelectMany(line => Word().Matches(line.Split('|')[1])).Select(m => m.Groups[1].Value.Replace(":*", string.Empty, StringComparison.Ordinal))
            .Where(key => !key.StartsWith('-')).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    [GeneratedRegex("\"((?:Access|Sources|Postgres|Database|Keys|ConnectionStrings):[A-Za-z]+)\"", RegexOptions.NonBacktracking)]
    private static partial Regex Whole();

    [GeneratedRegex("onfiguration\\[\"(\\w+)\"\\]", RegexOptions.NonBacktracking)]
    private static partial Regex Indexed();

    /// <summary>A key that is a constant of the class that reads it.</summary>
    [GeneratedRegex("const string (?:Data)?Key = \"([A-Z][A-Za-z:]+)\"", RegexOptions.NonBacktracking)]
    private static partial Regex Constant();

    [GeneratedRegex("\\[Key \\+ \"(\\w+)\"\\]", RegexOptions.NonBacktracking)]
    private static partial Regex Longer();

    [GeneratedRegex("onfiguration\\.GetSection\\(\"(\\w+)\"\\)", RegexOptions.NonBacktracking)]
    private static partial Regex Section();

    [GeneratedRegex("section(?:\\[|, |\\.GetSection\\()\"(\\w+)\"", RegexOptions.NonBacktracking)]
    private static partial Regex Inside();

    [GeneratedRegex("`([^`]+)`", RegexOptions.NonBacktracking)]
    private static partial Regex Word();

    [GeneratedRegex(@"\]\(([^)\s]+)\)", RegexOptions.NonBacktracking)]
    private static partial Regex Link();

    [GeneratedRegex(@"`((?:(?:src|tests|migrations|build|wwwroot)/[A-Za-z0-9./_-]+)|(?:docs/[A-Za-z0-9/_-]+\.\w+))`", RegexOptions.NonBacktracking)]
    private static partial Regex Code();
}
