namespace NhiGovernance.Web.Shell;

/// <summary>What the frame shows about the page: its title and the navigation item that it belongs to. One per circuit.</summary>
public sealed class ShellState
{
    public string Title { get; private set; } = "";

    /// <summary>The route of the navigation item that is marked.</summary>
    public string Route { get; private set; } = "/";

    /// <summary>Lists use the full width.</summary>
    public bool Wide { get; private set; }

    public event Action? Changed;

    public void SetPage(string title, string route, bool wide = false)
    {
        route = "/" + route.Trim('/');
        if (title == Title && route == Route && wide == Wide)
        {
            return;
        }

        (Title, Route, Wide) = (title, route, wide);
        Changed?.Invoke();
    }
}
