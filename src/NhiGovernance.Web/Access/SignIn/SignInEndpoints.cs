using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NhiGovernance.Access;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Web.Hosting.Api;

namespace NhiGovernance.Web.Access.SignIn;

/// <summary>Signing in and out: plain forms, no circuit and no script. They act as the system part "sign-in", for nobody is signed in yet.</summary>
internal static partial class SignInEndpoints
{
    private const string Part = "sign-in";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/sign-in", FormAsync).AllowAnonymous();
        app.MapPost("/sign-in", SignInAsync).AllowAnonymous();
        app.MapGet("/sign-in/link/{secret}", LinkAsync).AllowAnonymous();
        app.MapPost("/sign-in/link/{secret}", UseLinkAsync).AllowAnonymous();
        app.MapPost("/sign-out", SignOutAsync).AllowAnonymous();
        app.MapGet("/account/password", (HttpContext http, IAntiforgery forms) => Page<PasswordForm>(new { Token = forms.GetAndStoreTokens(http) }));
        app.MapPost("/account/password", ChangePasswordAsync);
    }

    /// <summary>A path of this product, or its first page: never another host's, whatever the query says.</summary>
    internal static string Local(string? url) =>
        url is ['/', ..] && !url.StartsWith("//", StringComparison.Ordinal) && !url.StartsWith("/\\", StringComparison.Ordinal)
        && !url.Any(char.IsControl) && !url.StartsWith("/sign-", StringComparison.Ordinal)
            ? url
            : "/";

    private static async Task<IResult> FormAsync(HttpContext http, IAntiforgery forms, string? returnUrl, bool? signedOut)
    {
        await using var scope = http.RequestServices.CreateSystemScope(Part);
        var anybody = await scope.ServiceProvider.GetRequiredService<HasAccounts>().RunAsync(new HasAccountsRequest(), http.RequestAborted);
        return Page<SignInForm>(new
        {
            Token = forms.GetAndStoreTokens(http),
            ReturnUrl = Local(returnUrl),
            NobodyYet = anybody is { IsOk: true, Value: false },
            Message = signedOut == true ? "You are signed out." : null,
            IsError = false,
        });
    }

    private static async Task<IResult> SignInAsync(
        HttpContext http, IAntiforgery forms, TimeProvider clock, IConfiguration configuration, ILoggerFactory loggers,
        [FromForm] string? email, [FromForm] string? password, [FromForm] string? returnUrl)
    {
        if (BadInput.InForm(http, ("email", email), ("password", password), ("returnUrl", returnUrl)) is { } bad)
        {
            return bad;
        }

        var start = clock.GetTimestamp();
        await using var scope = http.RequestServices.CreateSystemScope(Part);
        var result = await scope.ServiceProvider.GetRequiredService<NhiGovernance.Access.SignIn>()
            .RunAsync(new SignInRequest(email ?? string.Empty, password ?? string.Empty), http.RequestAborted);
        if (result is { IsOk: true, Value.Session: { } session })
        {
            await http.SignInAsync(SessionClaims.SessionScheme, SessionClaims.Of(session));
            return Results.LocalRedirect(Local(returnUrl));
        }

        // Every refusal takes equally long: an unknown address writes nothing and would otherwise answer sooner.
        var least = TimeSpan.FromMilliseconds(configuration.GetValue("Access:RefusalMilliseconds", 500));
        while (least - clock.GetElapsedTime(start) is var left && left > TimeSpan.Zero)
        {
            // A timer counts whole milliseconds and may come one too early: what is left is then waited for.
            await Task.Delay(left + TimeSpan.FromMilliseconds(1), clock, http.RequestAborted);
        }

        Refused(loggers.CreateLogger("NhiGovernance.SignIn"), http.Connection.RemoteIpAddress);
        return Page<SignInForm>(new
        {
            Token = forms.GetAndStoreTokens(http),
            Message = LockOut.Refusal,
            Email = email,
            ReturnUrl = Local(returnUrl),
        }, StatusCodes.Status401Unauthorized);
    }

    private static async Task<IResult> LinkAsync(HttpContext http, IAntiforgery forms, string secret)
    {
        await using var scope = http.RequestServices.CreateSystemScope(Part);
        var link = await scope.ServiceProvider.GetRequiredService<PeekSignInLink>().RunAsync(new PeekSignInLinkRequest(secret), http.RequestAborted);
        return link.IsOk
            ? Page<LinkForm>(new { Token = forms.GetAndStoreTokens(http), Link = link.Value, Secret = secret })
            : LinkEnded();
    }

    private static async Task<IResult> UseLinkAsync(
        HttpContext http, IAntiforgery forms, string secret, [FromForm] string? name, [FromForm] string? email, [FromForm] string? password)
    {
        if (BadInput.InForm(http, ("name", name), ("email", email), ("password", password)) is { } bad)
        {
            return bad;
        }

        await using var scope = http.RequestServices.CreateSystemScope(Part);
        var services = scope.ServiceProvider;
        var used = await services.GetRequiredService<UseSignInLink>()
            .RunAsync(new UseSignInLinkRequest(secret, name, email, password ?? string.Empty), http.RequestAborted);
        if (used.IsOk)
        {
            await http.SignInAsync(SessionClaims.SessionScheme, SessionClaims.Of(used.Value));
            return Results.LocalRedirect("/");
        }

        var link = await services.GetRequiredService<PeekSignInLink>().RunAsync(new PeekSignInLinkRequest(secret), http.RequestAborted);
        if (!link.IsOk)
        {
            return LinkEnded();
        }

        var faults = used.Error is Error.Invalid invalid ? invalid.Faults : [new FieldFault("password", used.Error.Message)];
        return Page<LinkForm>(new
        {
            Token = forms.GetAndStoreTokens(http),
            Link = link.Value,
            Secret = secret,
            Name = name,
            Email = email,
            Faults = faults,
        }, StatusCodes.Status400BadRequest);
    }

    private static async Task<IResult> SignOutAsync(HttpContext http, IAntiforgery forms, SignOut signOut)
    {
        // No form field is bound here, so the token is checked by hand.
        if (!await forms.IsRequestValidAsync(http))
        {
            return Results.BadRequest();
        }

        // Deleting the cookie here ends neither the other pages that are open with it nor a copy of it.
        if (http.User.ToReference() is { SessionId: { } session })
        {
            await signOut.RunAsync(new SignOutRequest(session), http.RequestAborted);
        }

        await http.SignOutAsync(SessionClaims.SessionScheme);
        return Results.LocalRedirect("/sign-in?signedOut=true");
    }

    private static async Task<IResult> ChangePasswordAsync(
        HttpContext http, IAntiforgery forms, ChangeOwnPassword change, [FromForm] string? current, [FromForm(Name = "new")] string? next)
    {
        if (BadInput.InForm(http, ("current", current), ("new", next)) is { } bad)
        {
            return bad;
        }

        var result = await change.RunAsync(new ChangeOwnPasswordRequest(current ?? string.Empty, next ?? string.Empty), http.RequestAborted);
        if (result is { IsOk: true, Value.Session: { } session })
        {
            await http.SignInAsync(SessionClaims.SessionScheme, SessionClaims.Of(session));
            return Page<SignInMessage>(new { Title = "Password changed", Message = "Your other sessions have ended.", IsError = false, Href = "/", Action = "Go on" });
        }

        IReadOnlyList<FieldFault> faults = result.Error switch
        {
            null => [new FieldFault("current", "This is not your current password.")],
            Error.Invalid invalid => invalid.Faults,
            _ => [],
        };
        return Page<PasswordForm>(new
        {
            Token = forms.GetAndStoreTokens(http),
            Message = faults.Count == 0 ? result.Error?.Message : null,
            Faults = faults,
        }, StatusCodes.Status400BadRequest);
    }

    private static RazorComponentResult LinkEnded() => Page<SignInMessage>(new
    {
        Title = "This link has ended",
        Message = "It was used already, is too old, or was never one of ours. Ask an Admin for a new one, or run ./run.sh admin-link on the machine.",
    }, StatusCodes.Status404NotFound);

    private static RazorComponentResult Page<TPage>(object parameters, int status = StatusCodes.Status200OK)
        where TPage : IComponent => new RazorComponentResult<TPage>(parameters) { StatusCode = status };

    [LoggerMessage(Level = LogLevel.Warning, Message = "A sign-in was refused, from {Address}.")]
    private static partial void Refused(ILogger log, System.Net.IPAddress? address);
}
