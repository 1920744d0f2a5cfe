using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.Git;

/// <summary>The ticked steps of a connection test: address, program, host, sign-in, and what answers.</summary>
internal static class GitTest
{
    public static async IAsyncEnumerable<TestStep> RunAsync(
        ConnectorContext context, GitOptions options, IOutboundGuard guard, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        GitAddress? address = null;
        var step = await TryAsync("Address", () =>
        {
            address = GitSession.Read(context.Settings, options);
            return Task.FromResult($"{address.Protocol}, repository {address.Place}");
        });
        yield return step;
        if (address is null)
        {
            yield break;
        }

        step = await TryAsync("git program", async () => $"git {await GitSession.CheckProgramAsync(options, cancellationToken)}");
        yield return step;
        if (step.Outcome == TestOutcome.Fail)
        {
            yield break;
        }

        if (address.Uri is { } uri)
        {
            step = await TryAsync("Host allowed", async () =>
                $"{uri.IdnHost} resolves to {string.Join(", ", (await GitSession.CheckHostAsync(address, guard, cancellationToken)).Take(4))}; git is pinned to that");
            yield return step;
            if (step.Outcome == TestOutcome.Fail)
            {
                yield break;
            }
        }
        else
        {
            yield return new TestStep("Host allowed", TestOutcome.Skipped, "A local repository has no host.");
        }

        RemoteReferences? seen = null;
        step = await TryAsync("Sign in and list references", async () =>
        {
            await using var session = await GitSession.OpenAsync(context with { Folder = null }, options, guard, cancellationToken);
            seen = await session.Mirror.LookAsync(cancellationToken);
            return $"{seen.Branches} branches";
        });
        yield return step;
        if (step.Outcome == TestOutcome.Fail)
        {
            yield break;
        }

        yield return seen?.DefaultBranch is { } branch
            ? new TestStep("Default branch", TestOutcome.Pass, $"{branch["refs/heads/".Length..]}: workflows and CODEOWNERS are read there")
            : new TestStep("Default branch", TestOutcome.Warn, "The repository is empty, or its HEAD names no branch. There is nothing to read yet.");
    }

    private static async Task<TestStep> TryAsync(string name, Func<Task<string>> check)
    {
        try
        {
            return new TestStep(name, TestOutcome.Pass, await check());
        }
        catch (Exception error) when (error is GitFailure or OutboundRefusedException)
        {
            return new TestStep(name, TestOutcome.Fail, error.Message);
        }
    }
}
