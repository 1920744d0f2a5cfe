using System.Text.RegularExpressions;

namespace NhiGovernance.Sources.Connectors;

/// <summary>
/// Texts that look like the value of a secret, by the vendors' own prefixes. A guard at the door of inventories, where only
/// names and ids belong; the detectors over evidence are another, larger thing.
/// </summary>
internal static partial class SecretShapes
{
    public const string Stand = "(looked like a secret; not kept)";

    public static bool Is(string text) => Shapes().IsMatch(text);

    public static string Mask(string text) => Is(text) ? Stand : text;

    /// <summary>Each string of a JSON text from where it looks like a secret to its end; what is left is JSON as it was.</summary>
    public static string MaskInJson(string json) => InJson().Replace(json, Stand);

    private const string Pattern =
        @"-----BEGIN [A-Z ]*PRIVATE KEY|gh[pousr]_[A-Za-z0-9]{30}|github_pat_[A-Za-z0-9_]{22}|glpat-[A-Za-z0-9_\-]{20}|npm_[A-Za-z0-9]{36}"
        + @"|nhi_[a-z]+_[A-Za-z0-9]+_[A-Za-z0-9]{20}|xox[abprs]-[A-Za-z0-9\-]{10}|AIza[A-Za-z0-9_\-]{35}|sk_live_[A-Za-z0-9]{16}|hvs\.[A-Za-z0-9_\-]{20}"
        + @"|dop_v1_[a-f0-9]{64}|pypi-AgEI[A-Za-z0-9_\-]{20}|eyJ[A-Za-z0-9_\-]{10,}\.eyJ[A-Za-z0-9_\-]{10,}\.|sq0csp-[A-Za-z0-9_\-]{20}|SG\.[A-Za-z0-9_\-]{16,}\."
        + @"|[A-Za-z][A-Za-z0-9+.\-]*://[^/\s:@]{1,100}:[^/\s:@]{3,100}@";

    [GeneratedRegex(Pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Shapes();

    // An escaped quotation mark does not end a string.
    [GeneratedRegex("(" + Pattern + @")(\\.|[^""\\])*", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex InJson();
}
