using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace NhiGovernance.Inventory.Lists;

/// <summary>Where a page ended, opaque to callers: the list's order, the segment, the key and the id.</summary>
internal sealed record Cursor(string Order, string Segment, string Key, Guid Id)
{
    private const char Separator = '\n';

    /// <summary>The key as an instant, for orders by one (<see cref="KeyOf"/>); null when it is none.</summary>
    public DateTimeOffset? Instant =>
        long.TryParse(Key, NumberStyles.None, CultureInfo.InvariantCulture, out var t) && t <= DateTime.MaxValue.Ticks ? new DateTimeOffset(t, TimeSpan.Zero) : null;

    /// <summary>The key of a row in an order by an instant.</summary>
    public static string KeyOf(DateTimeOffset? at) => at?.UtcTicks.ToString(CultureInfo.InvariantCulture) ?? string.Empty;

    public override string ToString() =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Join(Separator, Order, Segment, Id.ToString("N"), Key)));

    /// <summary>Null when the text is none of ours, or of a list in another order: the list then starts at its start.</summary>
    public static Cursor? Parse(string? text, string order)
    {
        if (string.IsNullOrEmpty(text) || text.Length > 2_000 || !Base64Url.IsValid(text))
        {
            return null;
        }

        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split(Separator, 4);
        return parts.Length == 4 && parts[0] == order && Guid.TryParseExact(parts[2], "N", out var id) && !parts[3].Contains('\0', StringComparison.Ordinal)
            ? new Cursor(order, parts[1], parts[3], id)
            : null;
    }
}
