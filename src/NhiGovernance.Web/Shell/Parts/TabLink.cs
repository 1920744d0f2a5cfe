namespace NhiGovernance.Web.Shell.Parts;

/// <param name="Count">Shown in grey behind the title: "128", "10,000+".</param>
public sealed record TabLink(string Title, string Href, bool Current, string? Count = null);
