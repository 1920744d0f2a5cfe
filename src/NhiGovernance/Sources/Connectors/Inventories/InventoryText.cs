namespace NhiGovernance.Sources.Connectors.Inventories;

/// <summary>Words of a file in our messages.</summary>
internal static class InventoryText
{
    /// <summary>What bytes that are not UTF-8 become; a row that holds one is refused, the good rows around it are kept.</summary>
    public const char Broken = '\uFFFD';

    /// <summary>Short, one line, and masked where it looks like a secret.</summary>
    public static string Quote(string text) => $"\"{SecretShapes.Mask(Git.Objects.PersonStamp.Clean(text.Length > 60 ? text[..60] + "…" : text))}\"";
}
