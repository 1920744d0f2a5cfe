using System.Globalization;
using NhiGovernance.Sources.Connectors.Git;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Sources.Connectors.Git;

/// <summary>A repository on this machine whose owner means ill, and a git program that does not end.</summary>
public sealed class GitSafetyTests : IDisposable
{
    private readonly GitSandbox _sandbox = new();

    public GitSafetyTests() => _sandbox.Write("CODEOWNERS", "* @acme/all\n");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Mark => Path.Combine(_sandbox.Root, "ran");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_RepositoryWithHooksAndHostileConfiguration_RunsNothingOfIt(bool bare)
    {
        _sandbox.Write(".gitattributes", "* filter=evil diff=evil merge=evil\n");
        _sandbox.Commit("one");
        if (bare)
        {
            _sandbox.Publish();
        }

        var repository = bare ? _sandbox.Repository : _sandbox.Work;
        Arm(bare ? repository : Path.Combine(repository, ".git"));

        // The trap works: a plain git falls into it.
        _sandbox.Git("-C", repository, "trap");
        File.Exists(Mark).ShouldBeTrue();
        File.Delete(Mark);

        var read = await ReadAsync(repository);

        read.Ends.Select(e => (e.Outcome, e.Error)).ShouldBe(Enumerable.Repeat((ScopeOutcome.Complete, (string?)null), 5));
        read.Seen.OfType<ResourceObservation>().ShouldContain(r => r.NaturalKey == "codeowners:*");
        File.Exists(Mark).ShouldBeFalse(File.Exists(Mark) ? File.ReadAllText(Mark) : null);
    }

    [Theory]
    [InlineData("objects/pack")]
    [InlineData("objects")]
    [InlineData("refs/heads")]
    [InlineData("refs")]
    [InlineData("packed-refs")]
    public async Task Read_RepositoryThatLinksIntoAnother_IsRefused(string part)
    {
        _sandbox.Commit("secret of another");
        _sandbox.Publish();
        _sandbox.Git($"--git-dir={_sandbox.Repository}", "pack-refs", "--all");
        _sandbox.Git($"--git-dir={_sandbox.Repository}", "repack", "-a", "-d", "-q");
        var hostile = Path.Combine(_sandbox.Root, "hostile.git");
        _sandbox.Git("init", "--quiet", "--bare", "--initial-branch=main", hostile);
        (await ReadAsync(hostile)).Ends.ShouldAllBe(e => e.Outcome == ScopeOutcome.Complete);
        _sandbox.Run("sh", "-c", $"rm -rf '{hostile}/{part}' && ln -s '{_sandbox.Repository}/{part}' '{hostile}/{part}'");

        var read = await ReadAsync(hostile);

        read.End.Outcome.ShouldBe(ScopeOutcome.Failed);
        read.End.Error!.ShouldContain("borrows its objects");
        read.Seen.ShouldBeEmpty();
    }

    [Fact]
    public async Task Read_NamesThatLookLikeOptions_AreNames()
    {
        var workflow = "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: []\n";
        string[] names = [$"--output={Path.GetFileName(Mark)}.yml", "-h.yml", "$(touch ran).yml", "a\nb.yml", "é\u202E.yml", "..yml", "' ; touch ran ;'.yml"];
        foreach (var name in names)
        {
            _sandbox.Write($".github/workflows/{name}", workflow);
        }

        _sandbox.Commit("names");
        _sandbox.Publish();
        var repository = $"--git-dir={_sandbox.Repository}";
        foreach (var name in (string[])["refs/heads/--upload-pack=touch", "refs/heads/-x", $"refs/tags/--output={Mark}", $"refs/tags/$(touch${{IFS}}{Mark})", $"refs/heads/;touch${{IFS}}{Mark};"])
        {
            _sandbox.Git(repository, "update-ref", name, "refs/heads/main");
        }

        _sandbox.Git(repository, "symbolic-ref", "HEAD", "refs/heads/--upload-pack=touch");

        var read = await ReadAsync(_sandbox.Repository);

        read.Ends.Select(e => (e.Outcome, e.Error)).ShouldBe(Enumerable.Repeat((ScopeOutcome.Complete, (string?)null), 5));
        var things = read.Seen.OfType<ResourceObservation>().ToList();
        things.Single(t => t.Kind == ResourceKind.Repository).Facts["defaultBranch"].Text.ShouldBe("--upload-pack=touch");
        things.Count(t => t.Kind == ResourceKind.WorkflowFile).ShouldBeGreaterThanOrEqualTo(names.Length - 1);
        things.ShouldContain(t => t.Name.Contains("--output=", StringComparison.Ordinal));
        File.Exists(Mark).ShouldBeFalse();
    }

    [Theory]
    [InlineData("ls-remote", false)]
    [InlineData("fetch", false)]
    [InlineData("fetch", true)]
    public async Task Read_GitThatDoesNotEnd_IsKilledWithItsChildrenAfterTheLimit(string command, bool detached)
    {
        _sandbox.Commit("one");
        _sandbox.Publish();
        var limit = TimeSpan.FromSeconds(2);
        var program = Hanging(command, detached);
        var options = _sandbox.Options with { Program = program };
        options = command == "fetch" ? options with { FetchTime = limit } : options with { CommandTime = limit };

        var read = await GitReading.OfAsync(options, _sandbox.Repository, Cancel).WaitAsync(TimeSpan.FromSeconds(60), Cancel);

        read.End.Outcome.ShouldBe(ScopeOutcome.Failed);
        read.End.Error!.ShouldContain("git was stopped after");
        if (detached)
        {
            // It left the tree on purpose and keeps the pipe open; that must not hold up the run. It is this test's to end.
            _sandbox.Run("kill", Pids()[1]);
        }

        await SourceWorld.UntilAsync(() => Task.FromResult(!Pids().Any(IsAlive)));
    }

    [Fact]
    public async Task Read_Cancelled_KillsGitWithItsChildren()
    {
        _sandbox.Commit("one");
        _sandbox.Publish();
        var options = _sandbox.Options with { Program = Hanging("fetch", detached: false) };
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var reading = GitReading.OfAsync(options, _sandbox.Repository, cancel.Token);
        await SourceWorld.UntilAsync(() => Task.FromResult(Pids().Length == 2));
        Pids().ShouldAllBe(p => IsAlive(p));

        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => reading.WaitAsync(TimeSpan.FromSeconds(60), Cancel));
        await SourceWorld.UntilAsync(() => Task.FromResult(!Pids().Any(IsAlive)));
    }

    [Fact]
    public async Task End_OfARunThatItsCallerGaveUp_IsNoFailureOfTheHosts()
    {
        using var access = GitAccess.None();
        using var cancel = new CancellationTokenSource();
        var program = new GitProgram(_sandbox.Options with { Program = Hanging("fetch", detached: false) }, access);
        await using var run = program.Start(["fetch"], input: false);
        using var watch = run.Watch(TimeSpan.FromMinutes(10), null, cancel.Token);
        await SourceWorld.UntilAsync(() => Task.FromResult(Pids().Length == 2));

        await cancel.CancelAsync();

        // As it is for a token linked to the caller's, which hears of it only after the process was killed.
        await Should.ThrowAsync<OperationCanceledException>(() => run.EndAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Read_RepositoryLargerThanTheLimit_IsStoppedAndConcludesNothing()
    {
        var noise = new byte[3 * 1024 * 1024];
        new Random(1).NextBytes(noise);
        await File.WriteAllBytesAsync(Path.Combine(_sandbox.Work, "noise"), noise, Cancel);
        _sandbox.Commit("large");
        _sandbox.Publish();

        var read = await GitReading.OfAsync(_sandbox.Options with { MaxBytes = 1024 * 1024 }, _sandbox.Repository, Cancel);

        read.End.Outcome.ShouldBe(ScopeOutcome.Failed);
        read.End.Error!.ShouldContain("Sources:GitMaxMegabytes");
        read.Seen.ShouldBeEmpty();
        (await ReadAsync(_sandbox.Repository)).Ends.ShouldAllBe(e => e.Outcome == ScopeOutcome.Complete);
    }

    public void Dispose() => _sandbox.Dispose();

    private Task<GitReading> ReadAsync(string repository) => GitReading.OfAsync(_sandbox.Options, repository, Cancel);

    /// <summary>Every hook, and every setting of git that names a program, leaves a mark.</summary>
    private void Arm(string gitFolder)
    {
        var script = Path.Combine(_sandbox.Root, "evil.sh");
        File.WriteAllText(script, $"#!/bin/sh\necho \"$0 $*\" >> '{Mark}'\ncat > /dev/null\n");
        _sandbox.Run("chmod", "700", script);
        Directory.CreateDirectory(Path.Combine(gitFolder, "hooks"));
        foreach (var hook in (string[])["pre-receive", "update", "post-update", "post-receive", "reference-transaction", "post-checkout", "pre-auto-gc", "proc-receive", "post-index-change"])
        {
            File.Copy(script, Path.Combine(gitFolder, "hooks", hook), overwrite: true);
        }

        var included = Path.Combine(_sandbox.Root, "included");
        File.WriteAllText(included, $"[core]\n\tfsmonitor = {script}\n\tpager = {script}\n\teditor = {script}\n");
        foreach (var (key, value) in new Dictionary<string, string>
        {
            ["include.path"] = included, ["core.fsmonitor"] = script, ["core.sshCommand"] = script, ["core.gitProxy"] = script, ["core.alternateRefsCommand"] = script,
            ["core.askPass"] = script, ["uploadpack.packObjectsHook"] = script, ["credential.helper"] = script, ["gpg.program"] = script, ["gpg.ssh.program"] = script,
            ["filter.evil.smudge"] = script, ["filter.evil.clean"] = script, ["diff.evil.textconv"] = script, ["diff.external"] = script, ["merge.evil.driver"] = script,
            ["protocol.ext.allow"] = "always", ["remote.origin.url"] = $"ext::{script}", ["remote.origin.promisor"] = "true", ["remote.origin.uploadpack"] = script,
            ["alias.trap"] = $"!{script}", ["transfer.bundleURI"] = "true", ["log.showSignature"] = "true",
        })
        {
            _sandbox.Run("git", "config", "--file", Path.Combine(gitFolder, "config"), key, value);
        }
    }

    /// <summary>A git program that never ends one of its commands, with a child that does not end either. Both write down their numbers.</summary>
    private string Hanging(string command, bool detached)
    {
        var program = Path.Combine(_sandbox.Root, "hanging-git");
        var child = detached ? $"(setsid sleep 600 & echo $! >> '{PidFile}')" : $"sleep 600 & echo $! >> '{PidFile}'";
        File.WriteAllText(program, $"#!/bin/sh\ncase \" $* \" in *' {command} '*) echo $$ > '{PidFile}'; {child}; wait; {(detached ? "exec sleep 600" : "")};; esac\nexec git \"$@\"\n");
        _sandbox.Run("chmod", "700", program);
        return program;
    }

    private string PidFile => Path.Combine(_sandbox.Root, "pids");

    private string[] Pids() => File.Exists(PidFile) ? File.ReadAllLines(PidFile) : [];

    /// <summary>Neither gone nor a zombie that nobody has waited for.</summary>
    private static bool IsAlive(string pid)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            return stat[(stat.LastIndexOf(')') + 2)] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }
}
