namespace NhiGovernance.Common;

/// <summary>Text for a column that ends. Pure.</summary>
public static class TextCut
{
    /// <summary>At most so many UTF-16 units, the last of them "…" when something was cut: never half a surrogate pair, which no database takes.</summary>
    public static string To(string text, int longest)
    {
        if (text.Length <= longest)
        {
            return text;
        }

        var end = longest - 1;
        if (end > 0 && char.IsHighSurrogate(text[end - 1]))
        {
            end--;
        }

        return string.Concat(text.AsSpan(0, end), "…");
    }
}
