using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Data;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Manage;

/// <summary>What commands on sources have in common.</summary>
internal static class SourceRules
{
    public const int ShortestInterval = 5;
    public const int LongestInterval = 7 * 24 * 60;

    public static List<FieldFault> Faults(
        IConnector connector, string name, int interval, IReadOnlyDictionary<string, string> clean, IReadOnlySet<string> secrets, IOutboundGuard guard)
    {
        var faults = new List<FieldFault>();
        if (string.IsNullOrWhiteSpace(name) || name.Trim().Length > 120)
        {
            faults.Add(new FieldFault("name", "A source needs a name of at most 120 characters."));
        }

        if (IntervalFault(interval) is { } fault)
        {
            faults.Add(fault);
        }

        // Secrets may follow later: what is missing then is said by the test and by the first run.
        var later = connector.Descriptor.Settings.Where(f => f.Kind == SettingKind.Secret).Select(f => f.Key).ToHashSet();
        faults.AddRange(SettingsCheck.Faults(connector, clean, secrets)
            .Where(f => !(later.Contains(f.Field) && !secrets.Contains(f.Field) && !clean.ContainsKey(f.Field))));
        if (connector.Descriptor.HostSetting is { } key && !faults.Any(f => f.Field == key)
            && clean.TryGetValue(key, out var text) && Uri.TryCreate(text, UriKind.Absolute, out var address)
            && address.Scheme != Uri.UriSchemeFile)
        {
            try
            {
                guard.CheckAddress(address);
            }
            catch (OutboundRefusedException refused)
            {
                faults.Add(new FieldFault(key, refused.Message));
            }
        }

        return faults;
    }

    public static FieldFault? IntervalFault(int minutes) => minutes is < ShortestInterval or > LongestInterval
        ? new FieldFault("intervalMinutes", $"The interval is {ShortestInterval} minutes to {LongestInterval / 60 / 24} days.")
        : null;

    public static FieldFault? SecretFault(string key, string value) => value.Length > SourceSecretStore.LongestSecret || value.Contains('\0', StringComparison.Ordinal)
        ? new FieldFault(key, "A secret has at most 65,536 characters and no null character.")
        : null;

    public static Task<Source?> FindAsync(GovernanceDb db, Guid id, CancellationToken cancellationToken) =>
        db.Set<Source>().SingleOrDefaultAsync(s => s.Id == id && s.RemovedAt == null, cancellationToken);

    /// <summary>What the audit log digests: the settings and which secrets were touched, never their values.</summary>
    public static object State(Source source, IEnumerable<string>? secrets = null) => new
    {
        source.ConnectorKey,
        source.Name,
        source.Settings,
        source.Host,
        source.IsEnabled,
        source.IntervalMinutes,
        Secrets = secrets?.Order(StringComparer.Ordinal).ToArray() ?? [],
    };
}
