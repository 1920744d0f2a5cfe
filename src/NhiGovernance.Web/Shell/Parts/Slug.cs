using System.Globalization;
using System.Text;

namespace NhiGovernance.Web.Shell.Parts;

/// <summary>Suggests a key for a name: "Payments API" becomes "payments-api". The use case decides whether it is one.</summary>
public static class Slug
{
    public static string Of(string? name)
    {
        var slug = new StringBuilder();
        foreach (var c in (name ?? "").Normalize(NormalizationForm.FormD))
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                slug.Append(char.ToLowerInvariant(c));
            }
            else if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark && slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }
        }

        var text = slug.ToString().Trim('-');
        return text.Length > 60 ? text[..60].TrimEnd('-') : text;
    }
}
