using Microsoft.AspNetCore.Identity;
using NhiGovernance.Common;

namespace NhiGovernance.Access;

/// <summary>
/// NIST SP 800-63B 5.1.1.2: length, a list of common passwords, words of the context; no rules of composition, no expiry.
/// </summary>
public sealed class PasswordRules : IPasswordValidator<Account>
{
    public const int Shortest = 12;
    public const int Longest = 128;

    private static readonly HashSet<string> Common = Load();

    public Task<IdentityResult> ValidateAsync(UserManager<Account> manager, Account user, string? password) =>
        Task.FromResult(Fault(password, user.Email) is { } fault
            ? IdentityResult.Failed(new IdentityError { Code = "password", Description = fault })
            : IdentityResult.Success);

    /// <summary>Null when the password is good; otherwise what to do about it.</summary>
    public static string? Fault(string? password, string? email)
    {
        if (password is null || password.Length < Shortest)
        {
            return $"Choose a password of at least {Shortest} characters. Several words are easy to keep in mind.";
        }

        if (password.Length > Longest)
        {
            return $"Choose a password of at most {Longest} characters.";
        }

        var plain = password.ToLowerInvariant();
        var name = email?.Split('@')[0].ToLowerInvariant();
        if (Common.Contains(plain) || Common.Contains(Trunk(plain)) || plain.Distinct().Count() < 5)
        {
            return "This password is among the first that an attacker tries. Choose another one.";
        }

        return plain == email?.ToLowerInvariant() || Trunk(plain) == name || Trunk(plain) is "nhigovernance" or "governance"
            ? "Choose a password that is not your address or this product's name."
            : null;
    }

    internal static Error.Invalid ToError(IdentityResult failed) => new([.. failed.Errors.Select(e => e.Code switch
    {
        "DuplicateUserName" or "DuplicateEmail" => new FieldFault("email", "There is an account with this address already."),
        "InvalidEmail" or "InvalidUserName" => new FieldFault("email", "Enter an e-mail address."),
        _ => new FieldFault(e.Code, e.Description),
    }).DistinctBy(f => f.Message)]);

    /// <summary>Without the digits and signs that people append: "password2026!" is "password".</summary>
    private static string Trunk(string password) => password.TrimEnd([.. "0123456789!?.*#$@-_"]);

    private static HashSet<string> Load()
    {
        using var stream = typeof(PasswordRules).Assembly.GetManifestResourceStream("NhiGovernance.Access.common-passwords.txt")
            ?? throw new InvalidOperationException("The list of common passwords is not in the assembly.");
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries)];
    }
}
