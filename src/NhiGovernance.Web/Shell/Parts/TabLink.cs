namespace NhiGovernance.Web.Shell.Parts;

/// <param name="Count">Shown in grey behind the title: "128", "10,000+".</param>
public sealed record TabLink(string Title, string Href, bool Current, string? Count = null)
{
    /// <summary>A small mark behind the title.</summary>
    public string? Icon { get; init; }

    /// <summary>What the mark means.</summary>
    public string? Hint { get; init; }
}
