using NhiGovernance.Access;
using NhiGovernance.Access.Views;
using NhiGovernance.Catalogue;
using NhiGovernance.Common.Sealing;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Tests.Samples;

public sealed class AccessSamples : ISamples
{
    public const string Password = "a quiet harbour at dawn";

    public void Add(SampleSet samples)
    {
        samples.For<CreateAdminLink>(new CreateAdminLinkRequest());
        samples.For<InviteAccount>(s => Request(new InviteAccountRequest(s.Unique("new") + "@acme.test", "New", Role.Owner)));
        samples.For<CreateResetLink>(async s => new CreateResetLinkRequest((await AccountAsync(s)).Id));
        samples.For<UseSignInLink>(async s =>
        {
            var link = await s.RunAsync(s.Engine.Get<CreateAdminLink>(), new CreateAdminLinkRequest());
            return new UseSignInLinkRequest(SecretOf(link), "Ada", s.Unique("ada") + "@acme.test", Password);
        });
        samples.For<SignIn>(async s => new SignInRequest((await AccountAsync(s)).Email!, Password));
        samples.For<SetAccountRoles>(async s => await AccountAsync(s) is var a ? new SetAccountRolesRequest(a.Id, Role.Auditor, a.Version) : null!);
        samples.For<DisableAccount>(async s => new DisableAccountRequest((await AccountAsync(s)).Id));
        samples.For<EnableAccount>(async s =>
        {
            var account = await AccountAsync(s);
            account.IsDisabled = true;
            await s.Db.SaveChangesAsync();
            return new EnableAccountRequest(account.Id);
        });
        samples.For<ChangeOwnPassword>(async s =>
        {
            await AccountAsync(s, s.Engine.Actor.Be(Role.Owner));
            return new ChangeOwnPasswordRequest(Password, Password + " again");
        });
        samples.For<EndOwnSessions>(async s =>
        {
            await AccountAsync(s, s.Engine.Actor.Be(Role.Owner));
            return new EndOwnSessionsRequest();
        });
        samples.For<SignOut>(async s =>
        {
            await AccountAsync(s, s.Engine.Actor.Be(Role.Owner));
            return new SignOutRequest(Guid.CreateVersion7());
        });
        samples.For<EndSessions>(async s => new EndSessionsRequest((await AccountAsync(s)).Id));
        samples.For<WithdrawInvitation>(async s =>
        {
            var email = s.Unique("invited") + "@acme.test";
            await s.RunAsync(s.Engine.Get<InviteAccount>(), new InviteAccountRequest(email, "Invited", Role.Owner));
            return new WithdrawInvitationRequest(s.Db.Set<Person>().Single(p => p.Email == email).Id);
        });
        samples.For<NoteTokenRefused>(new NoteTokenRefusedRequest(Guid.Empty, "no such token"));
        samples.For<CreateApiToken>(new CreateApiTokenRequest("ci", ["identities:read"], 30));
        samples.For<RevokeApiToken>(async s =>
        {
            var token = await s.RunAsync(s.Engine.Get<CreateApiToken>(), new CreateApiTokenRequest("ci", ["identities:read"], 30));
            return new RevokeApiTokenRequest(token.Id.ToString());
        });
        samples.For<SaveView>(s => Request(new SaveViewRequest("/identities", s.Unique("view"), "?alters=true&cursor=x")));
        samples.For<RenameView>(s => Request(new RenameViewRequest(View(s).Id, s.Unique("renamed"))));
        samples.For<ShareView>(s => Request(new ShareViewRequest(View(s).Id, null)));
        samples.For<DeleteView>(s => Request(new DeleteViewRequest(View(s).Id)));
        samples.For<SetDefaultView>(s => View(s) is var view ? Request(new SetDefaultViewRequest(view.Page, view.Id)) : null!);
        samples.For<ListViews>(new ListViewsRequest("/identities"));
        samples.For<RewrapSealedValues>(new RewrapSealedValuesRequest());
        samples.For<MakeFirstKey>(new MakeFirstKeyRequest());
        samples.For<NoteRotation>(new NoteRotationRequest("new", ["old"], []));
        samples.For<ResetLostKeys>(async s =>
        {
            // Sealed with a key of another folder: lost, as far as this one goes.
            using var elsewhere = new Fixtures.TemporaryFolder();
            var place = new SealedPlace(s.NewId(), "xml");
            var away = new AesGcmSealer(new FileKeyRing(Path.Combine(elsewhere.Path, "keys"), TimeProvider.System));
            var bytes = await away.SealAsync("gone"u8.ToArray(), place, TestContext.Current.CancellationToken);
            s.Save(new DataProtectionKey { Id = place.RecordId, Name = s.Unique("lost"), Sealed = bytes, CreatedAt = s.Now });
            return new ResetLostKeysRequest();
        });
    }

    public static string SecretOf(OneTimeLink link) => link.Path.Split('/')[^1];

    /// <summary>An account with <see cref="Password"/>.</summary>
    public static async Task<Account> AccountAsync(SampleContext s, Guid? id = null, Role roles = Role.Owner) =>
        await AccountAsync(s.Engine.Services, s.Db, s.Unique("person") + "@acme.test", id ?? s.NewId(), roles);

    public static async Task<Account> AccountAsync(IServiceProvider services, GovernanceDb db, string email, Guid id, Role roles)
    {
        var managers = (AccountManagers)services.GetService(typeof(AccountManagers))!;
        var person = new Person { Id = Ids.New(TimeProvider.System), Name = email.Split('@')[0], Email = email };
        db.Add(person);
        var account = new Account
        {
            Id = id,
            PersonId = person.Id,
            UserName = email,
            Email = email,
            Roles = roles,
            CreatedAt = TimeProvider.System.GetUtcNow(),
        };
        using var manager = managers.Over(db);
        (await manager.CreateAsync(account, Password)).Succeeded.ShouldBeTrue();
        await db.SaveChangesAsync();
        return account;
    }

    /// <summary>A view of whoever acts.</summary>
    private static SavedView View(SampleContext s) => s.Save(new SavedView
    {
        Id = s.NewId(), AccountId = s.Engine.Actor.Current!.Id, Page = "/identities", Name = s.Unique("view"), Query = "alters=true", CreatedAt = s.Now,
    });

    private static Task<object> Request(object request) => Task.FromResult(request);
}
