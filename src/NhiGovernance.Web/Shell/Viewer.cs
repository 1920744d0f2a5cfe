using NhiGovernance.Access;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Web.Shell;

/// <summary>
/// Who looks, for what the pages offer: which links and buttons are drawn. It decides nothing; every use case checks again.
/// Cascaded by the layout.
/// </summary>
public sealed record Viewer(Myself Self)
{
    public string Name => Self.Name;

    public Role Roles => Self.Roles;

    public bool SeesAll => Self.SeesAll;

    public bool May(Permission? permission) => permission is null || (permission.Roles & Roles) != 0;

    /// <summary>"AR" for Alba Reyes.</summary>
    public string Initials => string.Concat(Name.Split([' ', '.', '@', '-'], StringSplitOptions.RemoveEmptyEntries)
        .Where(p => char.IsLetter(p[0])).Take(2).Select(p => char.ToUpperInvariant(p[0])));
}
