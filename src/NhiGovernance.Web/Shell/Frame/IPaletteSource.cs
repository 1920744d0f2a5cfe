namespace NhiGovernance.Web.Shell.Frame;

/// <summary>
/// Something the palette finds: a slice's pages implement it and are found by scanning. Ask only use cases, so that the hits
/// obey the team.
/// </summary>
public interface IPaletteSource
{
    /// <summary>"Identities". Groups stand in the order of <see cref="Order"/>.</summary>
    string Group { get; }

    int Order { get; }

    /// <summary>At most five hits; none when the viewer may not ask.</summary>
    Task<IReadOnlyList<PaletteHit>> FindAsync(string text, CancellationToken cancellationToken);
}

/// <param name="Detail">Where it lives, in grey.</param>
/// <param name="Keys">Its keys: "g i".</param>
public sealed record PaletteHit(string Title, string Href, string Icon, string? Detail = null, string? Keys = null);
