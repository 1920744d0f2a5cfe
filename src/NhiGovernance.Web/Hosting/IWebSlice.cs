namespace NhiGovernance.Web.Hosting;

/// <summary>
/// A slice's half in the host: its pages' services, its middleware and its endpoints. Every implementation is found by
/// scanning this assembly and made by its parameterless constructor, so that no list has to be edited.
/// </summary>
public interface IWebSlice
{
    /// <summary>Registers what the slice needs from the host. Runs after every <see cref="Common.ISlice"/> of the engine.</summary>
    void AddServices(WebApplicationBuilder builder);

    /// <summary>
    /// Adds middleware. It runs after routing and before every endpoint; slices are called in the order of <see cref="Order"/>.
    /// </summary>
    void Use(WebApplication app)
    {
    }

    /// <summary>Maps endpoints. Pages (<c>@page</c>) are mapped by the host and need nothing here. Runs only in the role web.</summary>
    void Map(WebApplication app);

    /// <summary>Smaller is earlier; equal ones go by name. Access is early, because others need to know who asks.</summary>
    int Order => 0;
}
