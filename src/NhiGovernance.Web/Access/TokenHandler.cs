using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using NhiGovernance.Access;

namespace NhiGovernance.Web.Access;

/// <summary>Bearer tokens of the API. A refusal never says which part was wrong, and no log line holds the text.</summary>
internal sealed class TokenHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, TokenCheck check, TokenRefusals refusals)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    private const string Prefix = "Bearer ";

    public static bool IsBearer(HttpRequest request) =>
        request.Headers.Authorization.ToString().StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!IsBearer(Request))
        {
            return AuthenticateResult.NoResult();
        }

        var text = Request.Headers.Authorization.ToString()[Prefix.Length..].Trim();
        var verdict = await check.CheckAsync(text, Context.RequestAborted);
        if (verdict.Counts is { } id)
        {
            return AuthenticateResult.Success(new AuthenticationTicket(SessionClaims.OfToken(id), Scheme.Name));
        }

        await refusals.NoteAsync(verdict, Context.RequestAborted);

        Logger.LogWarning("A bearer token was refused: {Token}, from {Address}.", TokenText.Parse(text)?.ToString() ?? "not one of ours", Context.Connection.RemoteIpAddress);
        return AuthenticateResult.Fail("The token does not count.");
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
        return Task.CompletedTask;
    }
}

/// <summary>Writes token uses every few seconds, and what is left when the process ends.</summary>
internal sealed partial class TokenUseWriter(TokenUses uses, TimeProvider clock, ILogger<TokenUseWriter> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await FlushAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await FlushAsync(CancellationToken.None);
        }
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            await uses.FlushAsync(cancellationToken);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            NotWritten(log, error);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The last uses of tokens could not be written; they are kept and written next time.")]
    private static partial void NotWritten(ILogger log, Exception error);
}
