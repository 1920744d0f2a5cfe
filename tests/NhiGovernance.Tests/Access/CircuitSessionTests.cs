using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NhiGovernance.Access;
using NhiGovernance.Data;
using NhiGovernance.Tests.Fakes;
using NhiGovernance.Web.Access;

namespace NhiGovernance.Tests.Access;

/// <summary>An open page's sign-in is asked about by a timer: also while the server goes down under it.</summary>
public sealed class CircuitSessionTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ask_WhileTheServerGoesDown_LogsNoErrorAndSignsNobodyOut(bool isDisposed)
    {
        var services = new ServiceCollection().BuildServiceProvider();
        var scopes = services.GetRequiredService<IServiceScopeFactory>();
        using var lifetime = new Lifetime();
        if (isDisposed)
        {
            await services.DisposeAsync();
        }
        else
        {
            lifetime.StopApplication();
        }

        using var session = Session(scopes, lifetime);

        (await session.AskAsync(new AuthenticationState(SignedIn()), TestContext.Current.CancellationToken)).ShouldBeTrue();
    }

    [Fact]
    public async Task Ask_DatabaseThatFailsWhileServing_IsAnError()
    {
        await using var services = new ServiceCollection().BuildServiceProvider();
        using var lifetime = new Lifetime();
        using var session = Session(services.GetRequiredService<IServiceScopeFactory>(), lifetime);

        await Should.ThrowAsync<TimeoutException>(() => session.AskAsync(new AuthenticationState(SignedIn()), TestContext.Current.CancellationToken));
        (await session.AskAsync(new AuthenticationState(new ClaimsPrincipal()), TestContext.Current.CancellationToken)).ShouldBeFalse("nobody is signed in");
    }

    private static CircuitSession Session(IServiceScopeFactory scopes, IHostApplicationLifetime lifetime) =>
        new(new LoggerFactory([new RecordingLog()]), scopes, new NoDatabase(), new CircuitActivity(TimeProvider.System), TimeProvider.System, lifetime);

    private static ClaimsPrincipal SignedIn() =>
        SessionClaims.Of(new SignedIn(Guid.CreateVersion7(), "stamp", TimeProvider.System.GetUtcNow(), Guid.CreateVersion7()));

    private sealed class NoDatabase : IDbContextFactory<GovernanceDb>
    {
        public GovernanceDb CreateDbContext() => throw new TimeoutException("No database.");
    }

    private sealed class Lifetime : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _stopping = new();

        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => _stopping.Token;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => _stopping.Cancel();

        public void Dispose() => _stopping.Dispose();
    }
}
