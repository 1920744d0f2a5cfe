namespace NhiGovernance.Catalogue.Mapping;

/// <summary>The kinds of places that connectors name and mapping rules match.</summary>
public static class PlaceKinds
{
    public static readonly IReadOnlyList<string> All =
        ["organization", "repository", "environment", "account", "namespace", "image", "system"];

    public static bool IsKnown(string kind) => All.Contains(kind);
}
