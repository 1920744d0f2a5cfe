using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;

namespace NhiGovernance.Web.Shell.Lists;

/// <summary>Reads keys of the current address.</summary>
public static class AddressQuery
{
    /// <summary>The key's text; repeated keys are joined by commas; null when it is not there.</summary>
    public static string? Query(this NavigationManager navigation, string key)
    {
        var query = QueryHelpers.ParseQuery(new Uri(navigation.Uri).Query);
        return query.TryGetValue(key, out var values) ? string.Join(',', values.Where(v => !string.IsNullOrEmpty(v))) : null;
    }
}
