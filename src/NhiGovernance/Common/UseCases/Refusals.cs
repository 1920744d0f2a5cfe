using NhiGovernance.Common.Sealing;

namespace NhiGovernance.Common.UseCases;

/// <summary>Faults that both doors turn into refusals, so that they are no bug's 500 wherever they come up.</summary>
internal static class UnusableKeys
{
    /// <summary>The folder's name is for who runs the machine (log, start, verb), not for every caller.</summary>
    public static Error ToError(KeyUnusableException error) => new Error.Unavailable(error is KeyExposedException
        ? "A key file of this product can be read by others, so it is not used. Who runs the server finds the file named in /readyz's log line."
        : "A key-encryption key of this product is missing. Who runs the server finds the key named in /readyz's log line.");
}

internal static class UnstorableTexts
{
    public static Error ToError() => new Error.Invalid(string.Empty, "A text holds a character that cannot be stored (NUL, U+0000). Remove it.");
}
