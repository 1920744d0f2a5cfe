namespace NhiGovernance.Common.UseCases;

/// <summary>
/// What a use case asks of its actor. All permissions of the product stand in this file, so that one look tells who may what.
/// </summary>
/// <param name="Name">A stable name; shown when it is refused.</param>
/// <param name="Roles">People who hold one of these roles may.</param>
/// <param name="Scope">API tokens with this scope may: <c>first route segment:read|write</c>. Null: no token ever may.</param>
/// <param name="RecentSignIn">True for decisions: a person, signed in within the last 15 minutes. Never a token, never the system.</param>
/// <param name="ByTeam">True: whoever does not see all gets what their teams answer for. Only such scopes go to a token of one team.</param>
public sealed record Permission(string Name, Role Roles, string? Scope, bool RecentSignIn = false, bool ByTeam = false)
{
    private const Role SeesAll = Role.Approver | Role.Engineer | Role.Auditor | Role.Admin;

    public static readonly Permission ReadIdentities = new("read identities", Role.Anyone, "identities:read", ByTeam: true);
    public static readonly Permission ReadResources = new("read resources", Role.Anyone, "resources:read", ByTeam: true);
    public static readonly Permission AssignTeams =
        new("assign teams to identities", Role.Engineer | Role.Approver | Role.Admin, "identities:write", ByTeam: true);
    public static readonly Permission ReadSources = new("read sources", SeesAll, "sources:read");

    /// <summary>How fresh the sources are, without their settings: shown on every page.</summary>
    public static readonly Permission ReadFreshness = new("read source freshness", Role.Anyone, "sources:read");
    public static readonly Permission ManageSources = new("manage sources", Role.Engineer | Role.Admin, "sources:write");
    public static readonly Permission ReleaseHeldRun = new("release a held run", Role.Engineer | Role.Approver | Role.Admin, null, RecentSignIn: true);
    public static readonly Permission ReadJobs = new("read jobs", SeesAll, "jobs:read");
    public static readonly Permission ManageJobs = new("manage jobs", Role.Engineer | Role.Admin, "jobs:write");
    public static readonly Permission ReadTeams = new("read teams", Role.Anyone, "teams:read");
    public static readonly Permission ManageTeams = new("manage teams", Role.Admin, "teams:write");
    public static readonly Permission ReadPeople = new("read people", SeesAll, "people:read");
    public static readonly Permission ManagePeople = new("manage people", Role.Admin, "people:write");
    public static readonly Permission ReadServices = new("read services", Role.Anyone, "services:read");
    public static readonly Permission ManageServices = new("manage services", Role.Engineer | Role.Admin, "services:write");
    public static readonly Permission ReadProducts = new("read products", Role.Anyone, "products:read");
    public static readonly Permission ManageProducts = new("manage products", Role.Engineer | Role.Admin, "products:write");
    public static readonly Permission ReadEnvironments = new("read environments", Role.Anyone, "environments:read");
    public static readonly Permission ManageEnvironments = new("manage environments", Role.Engineer | Role.Admin, "environments:write");
    public static readonly Permission ReadAudit = new("read the audit log", Role.Auditor | Role.Admin, "audit:read");
    public static readonly Permission ReadTokens = new("read API tokens", Role.Engineer | Role.Auditor | Role.Admin, null);
    public static readonly Permission ManageTokens = new("manage API tokens", Role.Engineer | Role.Admin, null);
    public static readonly Permission ReadAccounts = new("read accounts", Role.Auditor | Role.Admin, null);
    public static readonly Permission ManageAccounts = new("manage accounts", Role.Admin, null);

    /// <summary>What a person does to their own account, and no one else's.</summary>
    public static readonly Permission OwnAccount = new("change your own account", Role.Anyone, null);

    /// <summary>Views of lists that a person keeps for themselves or shares with a team of theirs.</summary>
    public static readonly Permission OwnViews = new("keep saved views", Role.Anyone, null);

    /// <summary>What only the product itself does: jobs, start-up, the command line of the machine that it runs on.</summary>
    public static readonly Permission System = new("act as the system", Role.None, null);
}
