namespace NhiGovernance.Web.Hosting;

/// <summary>A setting is missing or wrong, or the machine lacks something. The message names the key and the fix; no stack trace is shown.</summary>
public sealed class SettingException(string key, string message) : Exception($"{key}: {message}.")
{
    public string Key { get; } = key;
}
