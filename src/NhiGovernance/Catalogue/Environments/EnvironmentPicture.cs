namespace NhiGovernance.Catalogue.Environments;

/// <summary>An environment as the audit log digests it.</summary>
internal sealed record EnvironmentPicture(string Key, string Name, string Kind, string Tier, string DataClass)
{
    public static EnvironmentPicture Of(ReleaseEnvironment e) => new(e.Key, e.Name, e.Kind.ToString(), e.Tier.ToString(), e.DataClass.ToString());
}
