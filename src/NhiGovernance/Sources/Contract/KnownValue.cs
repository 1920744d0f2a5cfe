using System.Globalization;
using System.Text.Json.Serialization;

namespace NhiGovernance.Sources.Contract;

/// <summary>How well a field is known. Absence of a value always has one of these reasons; there is no plain null.</summary>
public enum Knowledge
{
    /// <summary>The source gave a value.</summary>
    Value,

    /// <summary>The source keeps track and says it never happened or there is none. <see cref="KnownValue.Since"/>: since when it tracks.</summary>
    Never,

    /// <summary>Nothing since <see cref="KnownValue.Since"/>; before that nobody kept track.</summary>
    UnknownBefore,

    /// <summary>The source's API does not give this field, whatever the permission.</summary>
    NotExposed,

    /// <summary>The source would give it to a holder of <see cref="KnownValue.Permission"/>.</summary>
    Denied,

    /// <summary>The source gave it and we dropped it on arrival, because it may hold a secret.</summary>
    Redacted,
}

/// <summary>A field as a run saw it. Text is invariant: instants in ISO 8601 UTC ("O"), booleans "true" or "false", numbers invariant.</summary>
public sealed record KnownValue
{
    /// <summary>Whether there is a value, or why not.</summary>
    [JsonPropertyName("s")]
    public required Knowledge State { get; init; }

    /// <summary>The value, as invariant text; not there unless <c>s</c> is Value.</summary>
    [JsonPropertyName("v")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Text { get; init; }

    /// <summary>Since when the source keeps track of it; not there where it does not say.</summary>
    [JsonPropertyName("since")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Since { get; init; }

    /// <summary>The permission to ask for, in the source's own words: "admin:org_hook (read)".</summary>
    [JsonPropertyName("p")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Permission { get; init; }

    /// <summary>A count of uses. It grows with every use, so, like a newer last use, a newer count is no line of the time-line.</summary>
    [JsonPropertyName("n")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsTally { get; init; }

    public static readonly KnownValue NotExposed = new() { State = Knowledge.NotExposed };
    public static readonly KnownValue Redacted = new() { State = Knowledge.Redacted };

    public static KnownValue Of(string text) => new() { State = Knowledge.Value, Text = text };

    public static KnownValue Of(bool value) => Of(value ? "true" : "false");

    public static KnownValue Of(long value) => Of(value.ToString(CultureInfo.InvariantCulture));

    public static KnownValue Tally(long count) => Of(count) with { IsTally = true };

    public static KnownValue Of(DateTimeOffset instant) =>
        Of(Data.Instants.ToMilliseconds(instant).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));

    public static KnownValue Never(DateTimeOffset? since = null) => new() { State = Knowledge.Never, Since = since };

    public static KnownValue UnknownBefore(DateTimeOffset since) => new() { State = Knowledge.UnknownBefore, Since = since };

    public static KnownValue Denied(string permission) => new() { State = Knowledge.Denied, Permission = permission };

    /// <summary>The value, or <paramref name="otherwise"/> when the source sent null.</summary>
    public static KnownValue Or(string? text, KnownValue otherwise) => string.IsNullOrEmpty(text) ? otherwise : Of(text);

    public static KnownValue Or(DateTimeOffset? instant, KnownValue otherwise) => instant is { } at ? Of(at) : otherwise;

    /// <summary>The instant, when the state is Value and the text is one; otherwise null.</summary>
    [JsonIgnore]
    public DateTimeOffset? Instant =>
        State == Knowledge.Value && DateTimeOffset.TryParse(Text, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : null;
}
