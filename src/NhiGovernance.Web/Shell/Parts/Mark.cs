namespace NhiGovernance.Web.Shell.Parts;

/// <summary>Everything that has a state mark: an icon of its own outline, a word, a colour; in that order of trust.</summary>
public enum Mark
{
    Fail,
    InRotation,
    Excepted,
    Pass,
    NotApplicable,
    Unknown,
    Warn,
    Error,
    NotPossible,
    Deny,
    Running,
    Held,
    Missing,
    Retired,
    NotCovered,
    Disabled,
    Present,
    Expiring,
    Off,
}

public static class Marks
{
    /// <summary>Icon, colour class and word of a mark.</summary>
    public static (string Icon, string Tone, string Word) Of(Mark mark) => mark switch
    {
        Mark.Fail => ("s-fail", "fail", "Fail"),
        Mark.InRotation => ("s-rot", "rot", "In rotation"),
        Mark.Excepted => ("s-exc", "exc", "Excepted"),
        Mark.Pass => ("s-pass", "pass", "Pass"),
        Mark.NotApplicable => ("s-off", "na", "Not applicable"),
        Mark.Unknown => ("s-unk", "unk", "Unknown"),
        Mark.Warn => ("s-warn", "warn", "Warn"),
        Mark.Error => ("s-error", "warn", "Error"),
        Mark.NotPossible => ("s-off", "unk", "Not possible offline"),
        Mark.Deny => ("s-deny", "fail", "Deny"),
        Mark.Running => ("s-rot", "rot", "Running"),
        Mark.Held => ("pause", "warn", "Held"),
        Mark.Missing => ("s-unk", "unk", "Missing"),
        Mark.Retired => ("never", "na", "Retired"),
        Mark.NotCovered => ("s-unk", "unk", "Not covered"),
        Mark.Disabled => ("pause", "na", "Disabled"),
        Mark.Present => ("eye", "na", "Present"),
        Mark.Expiring => ("clock", "warn", "Expiring"),
        Mark.Off => ("pause", "na", "Off"),
        _ => throw new ArgumentOutOfRangeException(nameof(mark)),
    };
}
