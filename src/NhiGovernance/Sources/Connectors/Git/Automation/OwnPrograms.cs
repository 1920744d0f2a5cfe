namespace NhiGovernance.Sources.Connectors.Git.Automation;

/// <param name="Mark">An e-mail address or a login.</param>
internal sealed record OwnProgram(string Mark, string Name);

/// <summary>The setting that names a company's own programs: "release@acme.example = Release robot", one a line.</summary>
internal static class OwnPrograms
{
    public const int Most = 200;

    /// <summary>Lines that are no program are left out; <see cref="Fault"/> has said so when they were saved.</summary>
    public static IReadOnlyList<OwnProgram> Read(string setting) => [.. Lines(setting).Select(l => Parse(l.Text)).OfType<OwnProgram>().Take(Most)];

    /// <summary>What is wrong with the first line that is no program, or null.</summary>
    public static string? Fault(string setting)
    {
        var lines = Lines(setting).ToList();
        return lines.Count > Most ? $"Name at most {Most} programs."
            : lines.FirstOrDefault(l => Parse(l.Text) is null) is { Number: > 0 } wrong
                ? $"Line {wrong.Number}: write an e-mail address or a login without spaces, and if you like \"=\" and a name."
                : null;
    }

    private static IEnumerable<(int Number, string Text)> Lines(string setting) =>
        setting.ReplaceLineEndings("\n").Split('\n').Select((text, index) => (Number: index + 1, Text: text.Trim())).Where(l => l.Text.Length > 0);

    private static OwnProgram? Parse(string line)
    {
        var equals = line.IndexOf('=', StringComparison.Ordinal);
        var mark = (equals < 0 ? line : line[..equals]).Trim();
        var name = equals < 0 ? mark : line[(equals + 1)..].Trim();
        var isWord = mark.Length is > 0 and <= 200 && mark.All(c => !char.IsWhiteSpace(c) && !char.IsControl(c) && c is not ('<' or '>'));
        return isWord && name.Length is > 0 and <= 200 && !name.Any(char.IsControl) ? new OwnProgram(mark, name) : null;
    }
}
