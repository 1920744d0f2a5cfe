using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Tests.Fixtures;
using NhiGovernance.Tests.Samples;

namespace NhiGovernance.Tests.Access;

/// <summary>Who may what: the table is written here once more, by hand, and every use case is run as every role.</summary>
public sealed class PermissionMatrixTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const Role SeesAll = Role.Approver | Role.Engineer | Role.Auditor | Role.Admin;

    private static readonly Dictionary<string, Role> Expected = new()
    {
        ["read identities"] = Role.Anyone,
        ["read resources"] = Role.Anyone,
        ["assign teams to identities"] = Role.Engineer | Role.Approver | Role.Admin,
        ["read sources"] = SeesAll,
        ["read source freshness"] = Role.Anyone,
        ["manage sources"] = Role.Engineer | Role.Admin,
        ["release a held run"] = Role.Engineer | Role.Approver | Role.Admin,
        ["read jobs"] = SeesAll,
        ["manage jobs"] = Role.Engineer | Role.Admin,
        ["read teams"] = Role.Anyone,
        ["manage teams"] = Role.Admin,
        ["read people"] = SeesAll,
        ["manage people"] = Role.Admin,
        ["read services"] = Role.Anyone,
        ["manage services"] = Role.Engineer | Role.Admin,
        ["read products"] = Role.Anyone,
        ["manage products"] = Role.Engineer | Role.Admin,
        ["read environments"] = Role.Anyone,
        ["manage environments"] = Role.Engineer | Role.Admin,
        ["read the audit log"] = Role.Auditor | Role.Admin,
        ["read API tokens"] = Role.Engineer | Role.Auditor | Role.Admin,
        ["manage API tokens"] = Role.Engineer | Role.Admin,
        ["read accounts"] = Role.Auditor | Role.Admin,
        ["manage accounts"] = Role.Admin,
        ["change your own account"] = Role.Anyone,
        ["keep saved views"] = Role.Anyone,
        ["act as the system"] = Role.None,
    };

    private static readonly Role[] EachRole = [.. Enum.GetValues<Role>().Where(r => r is not (Role.None or Role.Anyone))];

    [Fact]
    public void Permissions_AllOfThem_AreWhatTheTableSays() =>
        Permissions().ToDictionary(p => p.Name, p => p.Roles).ShouldBe(Expected, ignoreOrder: true);

    [Fact]
    public void Permissions_ThatDecide_AreForNoToken() =>
        Permissions().Where(p => p.RecentSignIn && p.Scope is not null).ShouldBeEmpty();

    [Fact]
    public void Permissions_ThatChangeSomething_AreForNoAuditorAlone() =>
        Permissions().Where(p => p.Name.StartsWith("manage", StringComparison.Ordinal) && p.Roles.HasFlag(Role.Auditor)).ShouldBeEmpty();

    [Fact]
    public void UseCases_OutsideOfTheDoors_TouchNoDatabaseThemselves() =>
        UseCases.Composed
            .Where(t => t.GetConstructors().SelectMany(c => c.GetParameters()).Any(p =>
                p.ParameterType == typeof(CommandDoor) || p.ParameterType == typeof(QueryDoor)
                || p.ParameterType == typeof(Microsoft.EntityFrameworkCore.IDbContextFactory<NhiGovernance.Data.GovernanceDb>)))
            .ShouldBeEmpty();

    [Fact]
    public async Task Run_EveryUseCaseAsEveryRole_IsRefusedExactlyWhereTheTableSaysSo()
    {
        await using var engine = database.CreateEngine(services =>
        {
            foreach (var slice in SampleSet.Slices)
            {
                slice.AddServices(services);
            }
        });
        var wrong = new List<string>();
        foreach (var type in UseCases.All)
        {
            var permission = ((IUseCase)engine.Services.GetRequiredService(type)).Permission;
            foreach (var role in EachRole)
            {
                engine.Actor.Be(role);
                await CheckAsync(engine, type, role.ToString(), (Expected[permission.Name] & role) != 0, wrong);
            }

            engine.Actor.BeNobody();
            await CheckAsync(engine, type, "nobody", may: false, wrong);
            engine.Actor.BeToken(string.Join(' ', NhiGovernance.Access.TokenScopes.Known.Where(s => s != permission.Scope)));
            await CheckAsync(engine, type, "token with every other scope", may: false, wrong);
            if (permission.RecentSignIn)
            {
                engine.Actor.Be(Role.Anyone, engine.Clock.GetUtcNow() - TimeSpan.FromMinutes(16));
                await CheckAsync(engine, type, "old sign-in", may: false, wrong);
                engine.Actor.BeSystem("test");
                await CheckAsync(engine, type, "system", may: false, wrong);
            }
        }

        UseCases.All.Count.ShouldBeGreaterThan(15);
        wrong.ShouldBeEmpty();
    }

    /// <summary>The door refuses before it looks at the request, so none is given; who gets in meets that, in whatever way.</summary>
    private static async Task CheckAsync(TestEngine engine, Type type, string who, bool may, List<string> wrong)
    {
        bool refused;
        try
        {
            refused = await UseCases.RunAsync(engine.Services.GetRequiredService(type), null) is Error.Forbidden;
        }
        catch (Exception error) when (error is NullReferenceException or ArgumentNullException or InvalidOperationException or TargetInvocationException)
        {
            refused = false;
        }

        if (refused == may)
        {
            wrong.Add($"{type.Name} as {who}: {(refused ? "refused" : "let in")}");
        }
    }

    private static Permission[] Permissions() =>
        [.. typeof(Permission).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => f.GetValue(null)).OfType<Permission>()];
}
