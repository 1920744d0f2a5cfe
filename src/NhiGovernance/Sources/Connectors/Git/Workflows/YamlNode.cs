namespace NhiGovernance.Sources.Connectors.Git.Workflows;

/// <summary>A YAML value with the line that it starts on, counted from 1.</summary>
internal abstract record YamlNode(int Line)
{
    /// <summary>The value of a key of a mapping, or null.</summary>
    public YamlNode? this[string key] => this is YamlMap map ? map.Entries.FirstOrDefault(e => e.Key.Value == key).Value : null;

    public string? Text => (this as YamlText)?.Value;

    /// <summary>A sequence's items; a single value stands for a sequence of one.</summary>
    public IReadOnlyList<YamlNode> Items => this switch { YamlList list => list.Nodes, YamlMap => [], _ => [this] };

    public IReadOnlyList<KeyValuePair<YamlText, YamlNode>> Pairs => this is YamlMap map ? map.Entries : [];

    /// <summary>Every text below, keys left out. Bounded by the reader's limit on nodes.</summary>
    public IEnumerable<YamlText> Texts() => this switch
    {
        YamlText text => [text],
        YamlList list => list.Nodes.SelectMany(n => n.Texts()),
        YamlMap map => map.Entries.SelectMany(e => e.Value.Texts()),
        _ => [],
    };
}

/// <param name="Block">True for a literal block ("|"), whose first line stands on the next line of the file.</param>
internal sealed record YamlText(string Value, int Line, bool Block = false) : YamlNode(Line)
{
    /// <summary>The text's lines with their numbers; for folded and quoted texts the number is that of the start.</summary>
    public IEnumerable<(string Text, int Line)> Lines() =>
        Value.Split('\n').Select((text, i) => (text, Block ? Line + 1 + i : Line));
}

internal sealed record YamlMap(IReadOnlyList<KeyValuePair<YamlText, YamlNode>> Entries, int Line) : YamlNode(Line);

internal sealed record YamlList(IReadOnlyList<YamlNode> Nodes, int Line) : YamlNode(Line);
