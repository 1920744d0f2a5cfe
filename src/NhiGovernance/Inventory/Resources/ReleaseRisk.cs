namespace NhiGovernance.Inventory.Resources;

/// <summary>What of a resource lets somebody alter a release who should not. Bits of one column: values never change.</summary>
[Flags]
public enum ReleaseRisk
{
    None = 0,

    /// <summary>A workflow runs an action that its owner can change: named by a tag or a branch.</summary>
    UnpinnedAction = 1,

    /// <summary>A job runs in an image that is not named by its digest.</summary>
    UnpinnedImage = 1 << 1,

    /// <summary>What a script downloads is run unseen: <c>curl | sh</c>.</summary>
    DownloadedAndRun = 1 << 2,

    /// <summary>Strangers reach secrets, a writing token or a machine of one's own by a pull request or a comment.</summary>
    ForkReach = 1 << 3,

    /// <summary>A job runs on a machine of one's own, which keeps what a job left.</summary>
    SelfHostedRunner = 1 << 4,

    /// <summary>A job signs in to a cloud or registry with a key that does not end by itself.</summary>
    StaticKey = 1 << 5,

    /// <summary>A job's token may write everything.</summary>
    WritesEverything = 1 << 6,

    /// <summary>A workflow that could not be read: what it can do is not known.</summary>
    Unread = 1 << 7,

    /// <summary>Nothing protects the default branch.</summary>
    Unprotected = 1 << 8,

    /// <summary>A change reaches the default branch without a review.</summary>
    Unreviewed = 1 << 9,

    /// <summary>Any branch deploys to an environment, and nobody reviews it.</summary>
    OpenEnvironment = 1 << 10,

    /// <summary>A secret is known to have leaked, and its alert is open.</summary>
    OpenAlert = 1 << 11,

    /// <summary>A variable that everybody may read looks like a secret.</summary>
    SecretInVariable = 1 << 12,

    /// <summary>Every member of an organisation may push to every repository.</summary>
    MembersWrite = 1 << 13,

    /// <summary>A token that could alter a release waits for approval.</summary>
    TokenWaits = 1 << 14,

    /// <summary>Who wrote a change approved it.</summary>
    SelfApproved = 1 << 15,
}

/// <summary>A risk of one resource, in a sentence that names what it was seen in.</summary>
/// <param name="Risk">Which risk it is.</param>
/// <param name="Words">The same in a sentence that names what it was seen in.</param>
public sealed record RiskFinding(ReleaseRisk Risk, string Words);
