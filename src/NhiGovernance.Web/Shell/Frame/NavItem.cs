using System.Reflection;
using Microsoft.AspNetCore.Components;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Web.Shell.Frame;

/// <summary>The groups of the navigation, top to bottom. A group without items is not shown.</summary>
public enum NavGroup
{
    /// <summary>Without a head, first.</summary>
    Top,
    Inventory,
    Work,
    Releases,
    Operate,
    Catalogue,
    Assure,

    /// <summary>Without a head, at the foot.</summary>
    End,
}

/// <summary>
/// Puts a page into the navigation, the palette and the help sheet:
/// <c>@attribute [NavItem(NavGroup.Inventory, "Identities", "identity", 10)]</c>. The page's route is its address.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NavItemAttribute(NavGroup group, string title, string icon, int order) : Attribute
{
    public NavGroup Group => group;

    public string Title => title;

    public string Icon => icon;

    public int Order => order;

    /// <summary>Name of the <see cref="Common.UseCases.Permission"/> that it takes: <c>nameof(Permission.ReadJobs)</c>. Without: anyone.</summary>
    public string? Permission { get; init; }

    /// <summary>The letter after <c>g</c> that goes there; '\0' for none.</summary>
    public char Go { get; init; }

    /// <summary>Place in the phone's bottom bar, 1 to 4; 0 for "More".</summary>
    public int Bottom { get; init; }

    /// <summary>Shorter title for the bottom bar.</summary>
    public string? Short { get; init; }
}

/// <summary>A page of the navigation, as found by scanning.</summary>
public sealed record NavItem(NavItemAttribute Declared, string Route, Permission? Permission)
{
    private static readonly Lazy<IReadOnlyList<NavItem>> s_all = new(() => Find(typeof(NavItem).Assembly));

    public static IReadOnlyList<NavItem> All => s_all.Value;

    public string Title => Declared.Title;

    /// <summary>The item whose page this route is, or is below of; null when none.</summary>
    public static NavItem? Of(string route) => All
        .Where(i => i.Route == route || (i.Route != "/" && route.StartsWith(i.Route + "/", StringComparison.Ordinal)))
        .MaxBy(i => i.Route.Length);

    internal static IReadOnlyList<NavItem> Find(Assembly assembly) =>
    [
        .. from type in assembly.GetTypes()
           let declared = type.GetCustomAttribute<NavItemAttribute>()
           where declared is not null
           let route = type.GetCustomAttributes<RouteAttribute>().Select(r => r.Template).MinBy(t => t.Length)
           orderby declared.Group, declared.Order, declared.Title
           select new NavItem(declared, route, Named(declared.Permission)),
    ];

    private static Permission? Named(string? name) => name is null
        ? null
        : (Permission)(typeof(Permission).GetField(name)?.GetValue(null)
            ?? throw new InvalidOperationException($"No permission is named {name}."));
}
