using System.Globalization;
using System.Text;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Web.Shell.Parts;

/// <summary>Words for field names and values. Pure.</summary>
public static class KnownWords
{
    /// <summary>"lastUsedAt" becomes "Last used at"; a run of capitals stays ("oidcSubject" is "Oidc subject").</summary>
    public static string Field(string camelCase)
    {
        var words = new StringBuilder(camelCase.Length + 8);
        for (var index = 0; index < camelCase.Length; index++)
        {
            var letter = camelCase[index];
            if (letter is '_' or '-' or '.')
            {
                words.Append(' ');
            }
            else if (index > 0 && char.IsUpper(letter) && !char.IsUpper(camelCase[index - 1]))
            {
                words.Append(' ').Append(char.ToLowerInvariant(letter));
            }
            else
            {
                words.Append(index == 0 ? char.ToUpperInvariant(letter) : letter);
            }
        }

        return words.ToString();
    }

    /// <summary>"true" and "false" become yes and no; whole numbers get their thousands.</summary>
    public static string Plain(string? text) => text switch
    {
        null or "" => "Empty",
        "true" => "Yes",
        "false" => "No",
        { Length: > 3 and < 10 } when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && text[0] != '0'
            => number.ToString("N0", CultureInfo.InvariantCulture),
        _ => text,
    };

    /// <summary>"23 Mar 2026, 10:00 UTC" for an instant as sources write it; anything else as <see cref="Plain"/> has it.</summary>
    public static string Said(KnownValue value) => value.Text is { Length: >= 16 } text && text[10] == 'T' && value.Instant is { } at
        ? at.UtcDateTime.ToString("d MMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture)
        : Plain(value.Text);

    /// <summary>One line for a screen reader, a card or a CSV: "denied, needs admin:org_hook".</summary>
    public static string Line(KnownValue value) => value.State switch
    {
        Knowledge.Value => Said(value),
        Knowledge.Never => "never",
        Knowledge.UnknownBefore => "unknown before",
        Knowledge.NotExposed => "not exposed",
        Knowledge.Denied => $"denied, needs {value.Permission}",
        Knowledge.Redacted => "redacted",
        _ => throw new ArgumentOutOfRangeException(nameof(value)),
    };
}
