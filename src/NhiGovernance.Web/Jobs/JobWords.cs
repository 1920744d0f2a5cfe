using System.Globalization;
using NhiGovernance.Sources;
using NhiGovernance.Web.Shell.Parts;
using NhiGovernance.Web.Sources;

namespace NhiGovernance.Web.Jobs;

/// <summary>Words and bars of jobs. Pure.</summary>
internal static class JobWords
{
    /// <summary>An outcome is a word of <see cref="PollState"/>, or of the jobs' own.</summary>
    public static (Mark Mark, string Word) Of(string outcome) =>
        Enum.TryParse<PollState>(outcome, out var state) ? SourceWords.Of(state) : outcome switch
        {
            "Done" or "Succeeded" => (Mark.Pass, "Done"),
            _ => (Mark.Unknown, KnownWords.Field(outcome)),
        };

    public static string Height(double seconds, IReadOnlyList<double> all) =>
        string.Create(CultureInfo.InvariantCulture, $"height:{Math.Max(8, 100 * seconds / Math.Max(0.001, all.Max())):0.#}%");
}
