using Microsoft.AspNetCore.Components;

namespace NhiGovernance.Web.Shell;

/// <summary>
/// The page's state is its address: pages read it by <c>[SupplyParameterFromQuery]</c> and change it here, so that Back, reload
/// and a sent link give the same rows.
/// </summary>
public static class Address
{
    /// <summary>This page's address (path and query) with some keys changed; null or empty removes one.</summary>
    public static string With(this NavigationManager navigation, params (string Key, string? Value)[] changes) =>
        "/" + navigation.ToBaseRelativePath(navigation.GetUriWithQueryParameters(
            changes.ToDictionary(c => c.Key, c => (object?)(string.IsNullOrEmpty(c.Value) ? null : c.Value))));

    /// <summary>Pushes changed state into the address.</summary>
    public static void Push(this NavigationManager navigation, params (string Key, string? Value)[] changes) =>
        navigation.NavigateTo(navigation.With(changes));

    /// <summary>The same without a step in the history: for what follows the eye, like the row that is open.</summary>
    public static void Replace(this NavigationManager navigation, params (string Key, string? Value)[] changes) =>
        navigation.NavigateTo(navigation.With(changes), replace: true);
}
