using System.Globalization;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace NhiGovernance.Sources.Connectors.Git.Workflows;

/// <summary>The file could not be parsed; the message names the reason and the line and quotes nothing of the file.</summary>
internal sealed class UnreadableYamlException(string reason) : Exception(reason);

/// <summary>
/// Builds a tree from the parser's events with no recursion. Everything is bounded: size, depth, nodes, and nodes as they
/// would be with every alias written out, so that an alias bomb is refused and not walked.
/// </summary>
internal static class YamlReader
{
    public const int MostBytes = 1024 * 1024;
    private const int MostDepth = 60;
    private const int MostNodes = 100_000;

    public static YamlNode Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MostBytes)
        {
            throw new UnreadableYamlException(string.Create(CultureInfo.InvariantCulture, $"larger than {MostBytes / 1024} KB"));
        }

        try
        {
            return Build(new Parser(new StringReader(Decode(bytes))));
        }
        catch (YamlException error)
        {
            throw new UnreadableYamlException(string.Create(CultureInfo.InvariantCulture, $"not valid YAML near line {error.Start.Line}"));
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new UnreadableYamlException("not valid YAML");
        }
    }

    private static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("\uFEFF"u8))
        {
            bytes = bytes[3..];
        }

        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new UnreadableYamlException("not UTF-8");
        }
    }

    private static YamlNode Build(Parser parser)
    {
        var open = new Stack<Frame>();
        var anchors = new Dictionary<string, (YamlNode Node, int Weight)>(StringComparer.Ordinal);
        YamlNode? root = null;
        var total = 0;
        var documents = 0;
        while (parser.MoveNext())
        {
            var line = (int)parser.Current!.Start.Line;
            switch (parser.Current)
            {
                case DocumentStart when ++documents > 1:
                    throw new UnreadableYamlException("more than one document in the file");
                case AnchorAlias alias:
                    if (!anchors.TryGetValue(alias.Value.Value, out var target))
                    {
                        throw new UnreadableYamlException(At("an alias without an anchor", line));
                    }

                    Put(target.Node, target.Weight, line);
                    break;
                case Scalar scalar:
                    var text = new YamlText(scalar.Value, line, scalar.Style == ScalarStyle.Literal);
                    Remember(scalar.Anchor, text, 1);
                    Put(text, 1, line);
                    break;
                case MappingStart or SequenceStart:
                    if (open.Count >= MostDepth)
                    {
                        throw new UnreadableYamlException(At("nested too deeply", line));
                    }

                    open.Push(new Frame(parser.Current is MappingStart, ((NodeEvent)parser.Current).Anchor, line));
                    break;
                case MappingEnd or SequenceEnd:
                    var frame = open.Pop();
                    var node = frame.Close();
                    Remember(frame.Anchor, node, frame.Weight);
                    Put(node, frame.Weight, line);
                    break;
            }
        }

        return root ?? throw new UnreadableYamlException("empty");

        void Remember(AnchorName anchor, YamlNode node, int weight)
        {
            if (!anchor.IsEmpty)
            {
                anchors[anchor.Value] = (node, weight);
            }
        }

        void Put(YamlNode node, int weight, int line)
        {
            // Counted once as written and once for each level that repeats it: either way it stays below the bound.
            total += 1;
            if (total > MostNodes || weight > MostNodes)
            {
                throw new UnreadableYamlException("too many values");
            }

            if (open.TryPeek(out var parent))
            {
                parent.Add(node, weight, line);
                if (parent.Weight > MostNodes)
                {
                    throw new UnreadableYamlException("too many values once its aliases are written out");
                }
            }
            else
            {
                root = node;
            }
        }
    }

    private static string At(string what, int line) => string.Create(CultureInfo.InvariantCulture, $"{what} (line {line})");

    private sealed class Frame(bool map, AnchorName anchor, int line)
    {
        private readonly List<KeyValuePair<YamlText, YamlNode>> _entries = [];
        private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
        private readonly List<YamlNode> _items = [];
        private YamlText? _key;

        public AnchorName Anchor { get; } = anchor;

        public int Weight { get; private set; } = 1;

        public void Add(YamlNode node, int weight, int at)
        {
            Weight += weight;
            if (!map)
            {
                _items.Add(node);
            }
            else if (_key is null)
            {
                _key = node as YamlText ?? throw new UnreadableYamlException(At("a key that is no text", at));
                if (!_keys.Add(_key.Value))
                {
                    throw new UnreadableYamlException(At("a key stands twice in one mapping", at));
                }
            }
            else
            {
                _entries.Add(new(_key, node));
                _key = null;
            }
        }

        public YamlNode Close() => map ? new YamlMap(_entries, line) : new YamlList(_items, line);
    }
}
