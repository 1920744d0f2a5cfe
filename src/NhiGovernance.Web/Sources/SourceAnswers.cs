using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Manage;

namespace NhiGovernance.Web.Sources;

/// <summary>One source with its settings; of its secrets only which are set, and when.</summary>
/// <param name="Settings">By the connector's keys; no secrets.</param>
internal sealed record SourceAnswer(SourceRow Source, IReadOnlyDictionary<string, string> Settings, IReadOnlyList<SecretRow> Secrets, DateTimeOffset CreatedAt);

/// <summary>How a test of the connection went.</summary>
/// <param name="Passed">True when no step failed.</param>
internal sealed record TestAnswer(bool Passed, IReadOnlyList<TestStep> Steps);

/// <summary>A kind of source, with the form that it asks for.</summary>
/// <param name="Permissions">The least that it needs, each with what it unlocks.</param>
/// <param name="HostSetting">The setting that names the host to which the credentials are bound; null when there is none.</param>
internal sealed record ConnectorAnswer(
    string Key, string Title, string Summary, IReadOnlyList<SettingAnswer> Settings, IReadOnlyList<NeededPermission> Permissions, int DefaultIntervalMinutes,
    string? HostSetting)
{
    /// <summary>A descriptor as JSON: tuples have no names there.</summary>
    public static IReadOnlyList<ConnectorAnswer> Of(IReadOnlyList<ConnectorDescriptor> all) =>
    [
        .. all.Select(d => new ConnectorAnswer(
            d.Key, d.Title, d.Summary, [.. d.Settings.Select(SettingAnswer.Of)], d.Permissions, (int)d.DefaultInterval.TotalMinutes, d.HostSetting)),
    ];
}

/// <summary>One field of a source's form.</summary>
/// <param name="OnlyWhen">Asked for only when another field has this value; null: always.</param>
internal sealed record SettingAnswer(
    string Key, string Label, SettingKind Kind, string Help, bool Required, string? Default, string? Placeholder, IReadOnlyList<SettingChoice> Choices, SettingCondition? OnlyWhen)
{
    public static SettingAnswer Of(SettingField s) => new(
        s.Key, s.Label, s.Kind, s.Help, s.Required, s.Default, s.Placeholder, s.Choices, s.OnlyWhen is { } only ? new SettingCondition(only.Key, only.Value) : null);
}

/// <param name="Key">The other field.</param>
/// <param name="Value">What it must say.</param>
internal sealed record SettingCondition(string Key, string Value);
