namespace NhiGovernance.Access;

/// <summary>
/// Guessing made slow, as a pure rule by the database's clock. An Admin's link opens a locked account at once. What is said
/// is the same for a wrong password, an unknown address, a locked and a disabled account.
/// </summary>
public static class LockOut
{
    public const int Failures = 10;

    public static readonly TimeSpan Duration = TimeSpan.FromMinutes(15);

    public const string Refusal =
        "That address and password do not open an account. After several tries wait 15 minutes, or ask an Admin for a sign-in link.";

    public static bool IsLocked(Account account, DateTimeOffset now) => account.LockoutEnd is { } until && until > now;

    /// <summary>Counts a failure. True when this one locks the account.</summary>
    public static bool Fail(Account account, DateTimeOffset now)
    {
        account.AccessFailedCount++;
        if (account.AccessFailedCount < Failures)
        {
            return false;
        }

        account.AccessFailedCount = 0;
        account.LockoutEnd = now + Duration;
        return true;
    }

    public static void Clear(Account account)
    {
        account.AccessFailedCount = 0;
        account.LockoutEnd = null;
    }
}
