namespace NhiGovernance.Web.Shell.Parts;

/// <param name="Icon">By kind of change.</param>
/// <param name="By">Who, or which run: "run 4,788".</param>
/// <param name="Detail">Before and after, when there is more to say.</param>
public sealed record TimelineItem(DateTimeOffset At, string Icon, string Text, string? By = null, string? Href = null, string? Detail = null);
