namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>What goes wrong: the connector fault matrix.</summary>
public enum ScriptedFault
{
    TooManyWithRetryAfter,
    TooManyWithout,
    SecondaryLimit,
    PrimaryLimit,
    Status500,
    BadGatewayPage,
    PageInsteadOfJson,
    Forbidden,
    Unauthorized,
    NotFound,
    CutBeforeAnswer,

    /// <summary>The connection is cut, and for the next ones the name does not resolve.</summary>
    NameGone,
    ConnectionRefused,
    ConnectionSilent,
    CertificateExpired,
    CertificateOfOther,

    /// <summary>401, and a signature made then is refused too: one of the two clocks is a quarter of an hour off.</summary>
    ClockSkew,
    SilentMidBody,

    /// <summary>Bytes keep coming, and the answer is still not whole when the time for a request is over.</summary>
    SlowerThanAllowed,
    ResetMidBody,
    TruncatedJson,
    EmptyObject,
    NullInstead,
    WrongShape,
    HoleInList,
    SamePageForEver,
    NextPointsBack,
    NextOnOtherHost,
    NextOnOtherScheme,
    NextMissingOfPromised,
    CursorExpired,
    OrderChanges,
    ItemGoesBetweenPages,
    ItemComesBetweenPages,
    ItemTwice,
    Redirect,
    TooLong,
    BrokenCompression,

    /// <summary>In pieces with pauses, and whole in time.</summary>
    TenTimesSlower,

    /// <summary>Undetectable for a client in one run: an empty list, with 200.</summary>
    EmptyList,

    /// <summary>Undetectable for a client in one run: fewer things, with 200.</summary>
    SilentlyShorter,
}

/// <param name="Path">The list's path, as the connector asks for it.</param>
/// <param name="Page">Which page of it, from 1.</param>
/// <param name="Times">How often; <see cref="int.MaxValue"/> for ever.</param>
public sealed record FaultPlan(ScriptedFault Fault, string Path, int Page, int Times);
