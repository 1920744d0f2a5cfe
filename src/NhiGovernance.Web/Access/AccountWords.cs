using NhiGovernance.Access;

namespace NhiGovernance.Web.Access;

/// <summary>Words of accounts. Pure.</summary>
internal static class AccountWords
{
    public static string Of(AccountStatus status) => status switch
    {
        AccountStatus.Active => "Active",
        AccountStatus.Locked => "Locked",
        AccountStatus.Disabled => "Disabled",
        _ => "Invited",
    };
}
