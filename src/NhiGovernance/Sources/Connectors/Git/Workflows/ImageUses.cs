using System.Text.RegularExpressions;

namespace NhiGovernance.Sources.Connectors.Git.Workflows;

internal enum ImagePin
{
    /// <summary>By digest: the same bytes each time.</summary>
    Digest,

    /// <summary>By tag, which whoever owns the image can move.</summary>
    Tag,

    /// <summary>Neither: the tag "latest".</summary>
    Latest,

    /// <summary>Put together when the job runs; the file does not say.</summary>
    Computed,
}

/// <param name="Role">container, the service's name, step, or action for the image of a local action.</param>
/// <param name="Via">The local action that names it; null for the workflow's own.</param>
internal sealed record ImageUse(string Image, ImagePin Pin, string Role, string Job, int Line, string? Via = null)
{
    public bool Pinned => Pin == ImagePin.Digest;
}

/// <summary>Images that a job runs in, beside or as a step. Only a digest names the same bytes each time.</summary>
internal static partial class ImageUses
{
    private const string Docker = "docker://";

    public static IEnumerable<ImageUse> Of(Job job)
    {
        foreach (var image in Read(job, job.Node["container"], "container"))
        {
            yield return image;
        }

        foreach (var computed in Read(job, job.Node["services"] as YamlText, "services"))
        {
            yield return computed;
        }

        foreach (var (name, service) in job.Node["services"]?.Pairs ?? [])
        {
            foreach (var image in Read(job, service, Emit.Short(name.Value)))
            {
                yield return image;
            }
        }

        foreach (var step in job.Steps)
        {
            if (step.Uses is { } uses && uses.StartsWith(Docker, StringComparison.OrdinalIgnoreCase))
            {
                yield return Make(uses[Docker.Length..], "step", job, step.LineOf(step.Node["uses"]!.Line), step.Via);
            }

            if (step.ActionImage is { } image)
            {
                // Otherwise it is built from a Dockerfile, and what that starts from is not read.
                yield return image.StartsWith(Docker, StringComparison.OrdinalIgnoreCase)
                    ? Make(image[Docker.Length..], "action", job, step.Line, step.Uses)
                    : Make(image, "action", job, step.Line, step.Uses) with { Pin = ImagePin.Computed };
            }
        }
    }

    public static ImagePin PinOf(string image) =>
        image.Contains("${{", StringComparison.Ordinal) ? DigestAtEnd().IsMatch(image) ? ImagePin.Digest : ImagePin.Computed
        : DigestAtEnd().IsMatch(image) ? ImagePin.Digest
        : image.LastIndexOf(':') is var colon && colon > image.LastIndexOf('/') && image[(colon + 1)..] != "latest" ? ImagePin.Tag
        : ImagePin.Latest;

    private static IEnumerable<ImageUse> Read(Job job, YamlNode? node, string role)
    {
        if ((node as YamlText ?? node?["image"] as YamlText) is not { Value.Length: > 0 } image)
        {
            return [];
        }

        // Over the matrix, each value is an image of its own.
        return Matrix.Values(image.Value, job).Select(v => Make(v, role, job, image.Line, null));
    }

    private static ImageUse Make(string image, string role, Job job, int line, string? via) =>
        new(Emit.Short(image), PinOf(image), role, job.Id, line, via is null ? null : Emit.Short(via));

    [GeneratedRegex("@sha256:[0-9a-f]{64}$", RegexOptions.NonBacktracking)]
    private static partial Regex DigestAtEnd();
}
