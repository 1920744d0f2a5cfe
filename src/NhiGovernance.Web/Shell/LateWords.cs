using NhiGovernance.Sources.Runs;

namespace NhiGovernance.Web.Shell;

/// <summary>Why a source is not fresh, in a few words. Read in part is not late, and neither is it not read. Pure.</summary>
internal static class LateWords
{
    /// <summary>"Vault prod was read in part 2 min ago: 1 list was not".</summary>
    public static string Of(LateSource late, ViewerTime time) => $"{late.Name} {Of(late.LastReadAt, late.InPartAt, late.Gaps, time)}";

    private static string Of(DateTimeOffset? readAt, DateTimeOffset? inPartAt, int gaps, ViewerTime time) => (inPartAt, readAt) switch
    {
        ({ } part, _) => $"was read in part {time.Relative(part)}{(gaps == 0 ? "" : $": {Lists(gaps)} not")}",
        (_, { } at) => $"was last read {time.Relative(at)}",
        _ => "was not read yet",
    };

    /// <summary>"1 list was", "3 lists were".</summary>
    public static string Lists(int count) => count == 1 ? "1 list was" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{count:N0} lists were");

    /// <summary>One sentence for several: "2 sources are not fresh".</summary>
    public static string Short(IReadOnlyList<LateSource> late, ViewerTime time) =>
        late.Count == 1 ? Of(late[0], time) : $"{late.Count} sources are late or read in part";
}
