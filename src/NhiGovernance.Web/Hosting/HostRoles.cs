namespace NhiGovernance.Web.Hosting;

/// <summary>What this process does. One binary; the setting <c>Roles</c> says which, comma-separated: web, worker, all.</summary>
[Flags]
public enum HostRoles
{
    None = 0,

    /// <summary>Pages and the HTTP API.</summary>
    Web = 1,

    /// <summary>Scheduled jobs and everything that runs in the background.</summary>
    Worker = 2,

    All = Web | Worker,
}

public static class HostRolesSetting
{
    public const string Key = "Roles";

    /// <summary>The roles of this process. A word that is no role stops the start, with the words that are.</summary>
    public static HostRoles HostRoles(this IConfiguration configuration)
    {
        var text = configuration[Key];
        if (string.IsNullOrWhiteSpace(text))
        {
            return Hosting.HostRoles.All;
        }

        var roles = Hosting.HostRoles.None;
        foreach (var word in text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries))
        {
            roles |= word.ToLowerInvariant() switch
            {
                "web" => Hosting.HostRoles.Web,
                "worker" => Hosting.HostRoles.Worker,
                "all" => Hosting.HostRoles.All,
                _ => throw new SettingException(Key, $"\"{word}\" is no role; use web, worker or all"),
            };
        }

        return roles;
    }
}
