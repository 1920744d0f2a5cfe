namespace NhiGovernance.Sources.Connectors.Git.Workflows;

/// <param name="Role">container or the service's name.</param>
internal sealed record ImageUse(string Image, bool Pinned, string Role, string Job, int Line);

/// <summary>Images that a job runs in or beside. Only a digest names the same bytes each time.</summary>
internal static class ImageUses
{
    public static IEnumerable<ImageUse> Of(Job job)
    {
        if (job.Node["container"] is { } container && Read(container, "container", job.Id) is { } use)
        {
            yield return use;
        }

        foreach (var (name, service) in job.Node["services"]?.Pairs ?? [])
        {
            if (Read(service, Emit.Short(name.Value), job.Id) is { } image)
            {
                yield return image;
            }
        }
    }

    private static ImageUse? Read(YamlNode node, string role, string job)
    {
        var image = node as YamlText ?? node["image"] as YamlText;
        return image is null or { Value.Length: 0 }
            ? null
            : new ImageUse(Emit.Short(image.Value), image.Value.Contains("@sha256:", StringComparison.Ordinal), role, job, image.Line);
    }
}
