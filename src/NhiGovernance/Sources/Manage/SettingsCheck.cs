using System.Globalization;
using NhiGovernance.Common;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Manage;

/// <summary>Checks settings against a descriptor before the connector does. Pure but for the connector's own check. All faults at once.</summary>
internal static class SettingsCheck
{
    private const int Longest = 4000;

    /// <summary>Trims, drops what is empty or not asked for in this combination, and fills defaults.</summary>
    public static Dictionary<string, string> Clean(ConnectorDescriptor descriptor, IReadOnlyDictionary<string, string> values)
    {
        var clean = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in values)
        {
            if (!string.IsNullOrWhiteSpace(value))
            {
                clean[key] = value.Trim();
            }
        }

        foreach (var field in descriptor.Settings)
        {
            if (field.Kind != SettingKind.Secret && field.Default is { } fallback && Applies(field, clean))
            {
                clean.TryAdd(field.Key, fallback);
            }
        }

        foreach (var field in descriptor.Settings.Where(f => !Applies(f, clean)))
        {
            clean.Remove(field.Key);
        }

        return clean;
    }

    /// <param name="connector">Its descriptor says what is asked for.</param>
    /// <param name="clean">What <see cref="Clean"/> made.</param>
    /// <param name="secrets">Keys of the secrets that are there or come with the request.</param>
    public static IReadOnlyList<FieldFault> Faults(IConnector connector, IReadOnlyDictionary<string, string> clean, IReadOnlySet<string> secrets)
    {
        var faults = new List<FieldFault>();
        var fields = connector.Descriptor.Settings.ToDictionary(f => f.Key, StringComparer.Ordinal);
        foreach (var (key, value) in clean)
        {
            if (!fields.TryGetValue(key, out var field))
            {
                faults.Add(new FieldFault(key, $"{connector.Descriptor.Title} has no setting \"{key}\"."));
            }
            else if (Fault(field, value) is { } fault)
            {
                faults.Add(new FieldFault(key, fault));
            }
        }

        foreach (var key in secrets.Where(k => !fields.TryGetValue(k, out var f) || f.Kind != SettingKind.Secret))
        {
            faults.Add(new FieldFault(key, $"{connector.Descriptor.Title} has no secret \"{key}\"."));
        }

        foreach (var field in connector.Descriptor.Settings.Where(f => f.Required && Applies(f, clean)))
        {
            if (!(field.Kind == SettingKind.Secret ? secrets.Contains(field.Key) : clean.ContainsKey(field.Key)))
            {
                faults.Add(new FieldFault(field.Key, $"{field.Label} is missing."));
            }
        }

        foreach (var fault in connector.Validate(new SourceSettings(clean)))
        {
            if (!faults.Any(f => f.Field == fault.Field))
            {
                faults.Add(fault);
            }
        }

        return faults;
    }

    public static bool Applies(SettingField field, IReadOnlyDictionary<string, string> values) =>
        field.OnlyWhen is not { } only || values.GetValueOrDefault(only.Key, string.Empty) == only.Value;

    /// <summary>What the credentials are bound to: <c>host</c>, or <c>host:port</c> where the port is not the scheme's own.</summary>
    public static string HostOf(ConnectorDescriptor descriptor, IReadOnlyDictionary<string, string> clean)
    {
        if (descriptor.HostSetting is not { } key || !clean.TryGetValue(key, out var value))
        {
            return string.Empty;
        }

        if (!Uri.TryCreate(value, UriKind.Absolute, out var address) || address.IdnHost.Length == 0)
        {
            return value.ToLowerInvariant();
        }

        // http and https of one host are not the same place: the first would send the credential in the clear.
        var host = address.IdnHost.ToLowerInvariant() + (address.IsDefaultPort ? string.Empty : $":{address.Port}");
        return address.Scheme == "http" ? "http://" + host : host;
    }

    private static string? Fault(SettingField field, string value) => field.Kind switch
    {
        _ when value.Length > Longest => $"{field.Label} is longer than {Longest} characters.",
        SettingKind.Secret => $"{field.Label} is a secret; it has a field of its own and is never a plain setting.",
        SettingKind.Url => Uri.TryCreate(value, UriKind.Absolute, out _) ? null : $"{field.Label} is no address; it starts with https://.",
        SettingKind.Number => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
            ? null : $"{field.Label} is no whole number.",
        SettingKind.Toggle => value is "true" or "false" ? null : $"{field.Label} is true or false.",
        SettingKind.Choice => field.Choices.Any(c => c.Value == value)
            ? null : $"{field.Label} is one of {string.Join(", ", field.Choices.Select(c => c.Value))}.",
        SettingKind.Text or SettingKind.LongText => value.Contains('\0', StringComparison.Ordinal) ? $"{field.Label} holds a null character." : null,
        _ => throw new InvalidOperationException($"No check for {field.Kind}."),
    };
}
