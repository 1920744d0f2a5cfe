namespace NhiGovernance.Web.Shell.Parts;

/// <summary>What a person types into <see cref="NameDialog"/>.</summary>
public sealed class NameDraft
{
    public string Name { get; set; } = "";

    public string Key { get; set; } = "";

    public string? Extra { get; set; }
}
