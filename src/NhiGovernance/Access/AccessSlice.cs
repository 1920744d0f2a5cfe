using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Access;

public sealed class AccessSlice : ISlice
{
    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IActors, Actors>();
        services.AddSingleton<IActorNames, ActorNames>();
        services.AddSingleton<TokenUses>();
        services.AddSingleton<TokenCheck>();
        services.AddSingleton<TokenRefusals>();
        services.AddSingleton<IOwnCredentials, ApiTokenCredentials>();
        services.AddScoped<AccountManagers>();
        services.AddIdentityCore<Account>(identity =>
        {
            identity.User.RequireUniqueEmail = true;
            identity.User.AllowedUserNameCharacters = string.Empty; // Any: the name is the address.

            // Our own rules replace composition: PasswordRules.
            identity.Password.RequiredLength = PasswordRules.Shortest;
            identity.Password.RequireDigit = false;
            identity.Password.RequireLowercase = false;
            identity.Password.RequireUppercase = false;
            identity.Password.RequireNonAlphanumeric = false;
            identity.Password.RequiredUniqueChars = 1;
        });

        // AccountManagers makes the manager over the use case's own context; the registered one has no store and cannot be made.
        services.RemoveAll<UserManager<Account>>();
        services.RemoveAll<IUserClaimsPrincipalFactory<Account>>();
        services.AddScoped<IPasswordValidator<Account>, PasswordRules>();

        // OWASP's figure for PBKDF2-HMAC-SHA512; a hash with fewer rounds is renewed at the next sign-in.
        services.Configure<PasswordHasherOptions>(hasher =>
            hasher.IterationCount = configuration.GetValue("Access:PasswordIterations", 210_000));
    }
}
