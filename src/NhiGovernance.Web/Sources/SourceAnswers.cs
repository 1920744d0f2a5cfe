using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Manage;

namespace NhiGovernance.Web.Sources;

/// <summary>One source with its settings; of its secrets only which are set, and when.</summary>
/// <param name="Source">The same as in a list.</param>
/// <param name="Settings">By the connector's keys; no secrets.</param>
/// <param name="Secrets">One for each credential that its settings ask for; never a value.</param>
/// <param name="CreatedAt">When it was added.</param>
internal sealed record SourceAnswer(SourceRow Source, IReadOnlyDictionary<string, string> Settings, IReadOnlyList<SecretRow> Secrets, DateTimeOffset CreatedAt);

/// <summary>How a test of the connection went.</summary>
/// <param name="Passed">True when no step failed.</param>
/// <param name="Steps">What was tried, in order.</param>
internal sealed record TestAnswer(bool Passed, IReadOnlyList<TestStep> Steps);

/// <summary>A kind of source, with the form that it asks for.</summary>
/// <param name="Key">What a source names it by: "github".</param>
/// <param name="Title">Its name, as people read it.</param>
/// <param name="Summary">What it reads, in a sentence.</param>
/// <param name="Settings">The fields of the form, in order; secrets among them.</param>
/// <param name="Permissions">The least that it needs, each with what it unlocks.</param>
/// <param name="DefaultIntervalMinutes">Minutes between polls when a new source says nothing else.</param>
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
/// <param name="Key">What a source's settings or secrets name it by.</param>
/// <param name="Label">As the form calls it.</param>
/// <param name="Kind">What is asked for.</param>
/// <param name="Help">One sentence under the field.</param>
/// <param name="Required">A source cannot be saved without it, where it is asked for.</param>
/// <param name="Default">Its value when none is given; null: none.</param>
/// <param name="Placeholder">An example of a value; null: none.</param>
/// <param name="Choices">What may be chosen; empty where it is not a choice.</param>
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
