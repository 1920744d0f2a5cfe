using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Web.Access.SignIn;
using NhiGovernance.Web.Hosting;

namespace NhiGovernance.Web.Access;

/// <summary>Sign-in, sessions, tokens, headers and limits. Everything asks for a signed-in actor unless an endpoint says otherwise.</summary>
internal sealed class AccessWebSlice : IWebSlice
{
    private const string Either = "nhi";

    private static readonly string[] PathCategories =
    [
        "Microsoft.AspNetCore.Hosting.Diagnostics", "Microsoft.AspNetCore.Routing", "Microsoft.AspNetCore.Routing.Matching.DfaMatcher",
        "Microsoft.AspNetCore.Routing.EndpointRoutingMiddleware", "Microsoft.AspNetCore.Routing.EndpointMiddleware",
    ];

    public int Order => -100;

    public void AddServices(WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddHttpContextAccessor();
        services.Replace(ServiceDescriptor.Scoped<ICurrentActor, WebActor>());
        services.AddAuthentication(Either)
            .AddPolicyScheme(Either, null, scheme => scheme.ForwardDefaultSelector = Select)
            .AddCookie(SessionClaims.SessionScheme, SessionCookie.Configure)
            .AddScheme<AuthenticationSchemeOptions, TokenHandler>(SessionClaims.TokenScheme, null);
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        services.AddHostedService<TokenUseWriter>();
        services.AddTransient<IStartupFilter, SecurityHeaders>();
        services.AddRateLimiter(limits => RateLimits.Configure(limits, builder.Configuration));
        services.AddAntiforgery(form =>
        {
            form.Cookie.Name = HostCookies.Antiforgery;
            form.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            form.Cookie.SameSite = SameSiteMode.Strict;
            form.Cookie.Path = "/";
            form.SuppressXFrameOptionsHeader = true;
        });
        AddCircuits(services);
        AddKeys(services);

        // The framework's own switch would believe everybody; only the proxies that are named count.
        builder.Configuration["ForwardedHeaders_Enabled"] = "false";

        services.PostConfigure<LoggerFilterOptions>(HidePaths);
    }

    public void Use(WebApplication app)
    {
        app.UseAuthentication();
        app.Use(SameOrigin.Apply);
        app.UseRateLimiter();
    }

    public void Map(WebApplication app) => SignInEndpoints.Map(app);

    /// <summary>A token counts in the API only; on a page it is not even looked at.</summary>
    private static string Select(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) && TokenHandler.IsBearer(context.Request)
            ? SessionClaims.TokenScheme
            : SessionClaims.SessionScheme;

    /// <summary>
    /// A sign-in link's path is a secret while the link is good. The framework logs requests' paths in these categories, so they
    /// stay quiet for every provider, whatever level the settings ask for.
    /// </summary>
    private static void HidePaths(LoggerFilterOptions filters)
    {
        foreach (var provider in filters.Rules.Select(r => r.ProviderName).Append(null).Distinct().ToList())
        {
            foreach (var category in PathCategories)
            {
                filters.Rules.Add(new LoggerFilterRule(provider, category, LogLevel.Warning, null));
            }
        }
    }

    private static void AddCircuits(IServiceCollection services)
    {
        services.AddScoped<CircuitActivity>();
        services.AddSingleton<CircuitCount>();
        services.AddScoped<AuthenticationStateProvider, CircuitSession>();
        services.AddScoped<CircuitHandler, CircuitWatch>();
        services.AddSingleton<OwnActivity>();
        services.Configure<HubOptions>(hubs => hubs.AddFilter<OwnActivity>());
        services.Configure<CircuitOptions>(circuit =>
        {
            circuit.DetailedErrors = false;
            circuit.DisconnectedCircuitMaxRetained = 100;
            circuit.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(3);
            circuit.JSInteropDefaultCallTimeout = TimeSpan.FromSeconds(30);
        });
    }

    private static void AddKeys(IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("NhiGovernance");
        services.AddSingleton<SealedKeyRepository>();
        services.AddSingleton<IOwnCredentials, SessionKeys>();
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(s => new ConfigureOptions<KeyManagementOptions>(keys =>
        {
            keys.XmlRepository = s.GetRequiredService<SealedKeyRepository>();

            // The repository seals the whole element, so there is nothing left to encrypt within it.
            keys.XmlEncryptor = new NullXmlEncryptor();
        }));
    }
}
