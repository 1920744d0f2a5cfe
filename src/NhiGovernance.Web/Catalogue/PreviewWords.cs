using NhiGovernance.Catalogue.Mapping;

namespace NhiGovernance.Web.Catalogue;

/// <summary>What a mapping preview says in one sentence. Pure.</summary>
internal static class PreviewWords
{
    public static string Sentence(MappingPreview preview, bool draft)
    {
        var parts = new List<string>
        {
            $"{Words.Count(preview.Belong, "place")} with {preview.Identities} {(preview.Identities.Value == 1 ? "identity" : "identities")} "
                + (draft ? "would belong to it" : preview.Belong == 1 ? "belongs to it" : "belong to it"),
        };
        if (preview.Joining > 0)
        {
            parts.Add($"{preview.Joining:N0} new");
        }

        if (preview.Leaving > 0)
        {
            parts.Add($"{preview.Leaving:N0} would leave");
        }

        if (preview.Claimed > 0)
        {
            parts.Add($"{preview.Claimed:N0} {(preview.Claimed == 1 ? "stays" : "stay")} with a service that comes first in key order");
        }

        return string.Join("; ", parts) + ".";
    }
}
