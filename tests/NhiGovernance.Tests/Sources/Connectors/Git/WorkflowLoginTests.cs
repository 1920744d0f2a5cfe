using System.Text;
using NhiGovernance.Sources.Connectors.Git;
using NhiGovernance.Sources.Connectors.Git.Workflows;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Sources.Connectors.Git;

/// <summary>Stored keys and exchanges of the job's token outside the inputs of known actions; and what is not understood is not "none".</summary>
public sealed class WorkflowLoginTests
{
    [Theory]
    [InlineData("run: aws configure set aws_secret_access_key ${{ secrets.DEPLOY }}", "aws", "DEPLOY")]
    [InlineData("run: az login --service-principal -u x -p ${{ secrets.SP }} --tenant y", "azure", "SP")]
    [InlineData("run: docker login -u me -p ${{ secrets.HUB }}", "registry", "HUB")]
    [InlineData("run: 'echo \"${{ secrets.HUB }}\" | docker login ghcr.io -u me --password-stdin'", "registry", "HUB")]
    [InlineData("{ run: 'echo $PW | podman login -u me --password-stdin quay.io', env: { PW: '${{ secrets.Q }}' } }", "registry", "Q")]
    [InlineData("run: gcloud auth activate-service-account --key-file <(echo '${{ secrets.SA }}')", "gcp", "SA")]
    [InlineData("run: 'echo \"//packages.example.com/:_authToken=${{ secrets.N }}\" > .npmrc'", "npm", "N")]
    [InlineData("run: dotnet nuget push x.nupkg --api-key ${{ secrets.FEED }}", "nuget", "FEED")]
    [InlineData("run: 'echo \"${{ secrets.KC }}\" | base64 -d > ~/.kube/config'", "kubernetes", "KC")]
    [InlineData("run: 'echo \"${{ secrets.PK }}\" > ~/.ssh/id_ed25519'", "ssh", "PK")]
    [InlineData("run: git push https://bot:${{ secrets.PAT }}@github.com/acme/site HEAD:main", "git", "PAT")]
    [InlineData("run: ./deploy.sh --key ${{ secrets.AWS_SECRET_ACCESS_KEY }}", "aws", "AWS_SECRET_ACCESS_KEY")]
    [InlineData("run: ./deploy.sh ${{ secrets.PROD_NPM_TOKEN }}", "npm", "PROD_NPM_TOKEN")]
    [InlineData("{ uses: acme/ship@v1, with: { aws-secret-access-key: '${{ secrets.K }}' } }", "aws", "K")]
    public void Logins_StoredKeyOutsideKnownInputs_AreStatic(string step, string target, string secret)
    {
        var report = Steps("permissions: read-all", step);
        var login = report.Jobs[0].Logins.ShouldHaveSingleItem();
        (login.Target, login.Mode, login.InFile).ShouldBe((target, LoginMode.Static, false));
        login.Secrets.ShouldBe([secret]);
        WorkflowFileFacts.Of(report)["staticKeys"].State.ShouldBe(Knowledge.Value);
    }

    [Theory]
    [InlineData("run: 'echo ${{ secrets.GITHUB_TOKEN }} | docker login ghcr.io -u x --password-stdin'")]
    [InlineData("{ run: 'echo $T | docker login ghcr.io -u x --password-stdin', env: { T: '${{ github.token }}' } }")]
    [InlineData("run: 'aws ecr get-login-password | docker login -u AWS --password-stdin x.dkr.ecr.eu-west-1.amazonaws.com'")]
    [InlineData("run: ssh-keyscan example.com >> ~/.ssh/known_hosts")]
    [InlineData("{ uses: docker/login-action@v3, with: { password: '${{ github.token }}' } }")]
    [InlineData("{ run: npm ci, env: { NODE_AUTH_TOKEN: '${{ secrets.GITHUB_TOKEN }}' } }")]
    public void Logins_WithTheJobsOwnOrAShortLivedToken_AreNone(string step)
    {
        var report = Steps("permissions: read-all", step);
        report.Jobs[0].Logins.ShouldBeEmpty();
        WorkflowFileFacts.Of(report)["staticKeys"].State.ShouldBe(Knowledge.Never);
    }

    [Theory]
    [InlineData("run: docker login -u me -p $PASSWORD")]
    [InlineData("{ uses: docker/login-action@v3, with: { password: '${{ steps.vault.outputs.pw }}' } }")]
    [InlineData("run: ./deploy.sh ${{ secrets.SOMETHING }}")]
    [InlineData("run: ./deploy.sh ${{ toJSON(secrets) }}")]
    [InlineData("uses: ./not/there")]
    public void StaticKeys_NotUnderstood_AreNotNever(string step) =>
        WorkflowFileFacts.Of(Steps("permissions: read-all", step))["staticKeys"].State.ShouldBe(Knowledge.NotExposed);

    [Fact]
    public void StaticKeys_LiteralInACommand_StandsInTheFile() =>
        Steps("", "run: az login --service-principal -u a -p hunter2hunter2 --tenant t").Jobs[0].Logins.ShouldHaveSingleItem().InFile.ShouldBeTrue();

    [Fact]
    public void StaticKeys_PassedToACalledWorkflow_AreNamedByBothNames()
    {
        var report = Read("""
            on: push
            jobs:
              ship:
                uses: other/flows/.github/workflows/ship.yml@v1
                secrets:
                  AWS_SECRET_ACCESS_KEY: ${{ secrets.DEPLOY }}
                  token: ${{ secrets.NPM_TOKEN }}
            """);
        report.Jobs[0].Logins.Select(l => (l.Target, l.Mode, l.Secrets[0], l.Line)).ShouldBe(
            [("aws", LoginMode.Static, "DEPLOY", 6), ("npm", LoginMode.Static, "NPM_TOKEN", 7)]);
    }

    [Fact]
    public void Facts_OfAJobThatCallsAWorkflowElsewhere_SayThatNotAllIsKnown()
    {
        var facts = WorkflowFileFacts.Of(Read("on: pull_request\npermissions: read-all\njobs:\n  ci:\n    uses: other/flows/.github/workflows/ci.yml@v1\n"));
        foreach (var fact in (string[])["capabilities", "secrets", "federation", "staticKeys", "selfHostedRunners", "images", "forkExposure", "pipedToShell", "downloadedAndRun", "environments"])
        {
            facts[fact].State.ShouldBe(Knowledge.NotExposed, fact);
        }

        facts["problem"].State.ShouldBe(Knowledge.Never);
        facts["reusableWorkflows"].State.ShouldBe(Knowledge.Value);
        WorkflowFileFacts.Of(Steps("permissions: read-all", "run: make")).Where(f => f.Key is not ("path" or "triggers" or "jobs" or "permissions"))
            .ShouldAllBe(f => f.Value.State == Knowledge.Never);
    }

    [Theory]
    [InlineData("run: aws sts assume-role-with-web-identity --role-arn arn:aws:iam::1:role/r --web-identity-token $T", "aws", "arn:aws:iam::1:role/r")]
    [InlineData("run: az login --service-principal -u x --federated-token $T", "azure", null)]
    [InlineData("run: vault write auth/jwt/login role=ci jwt=$T", "vault", null)]
    [InlineData("run: npm publish", "npm", null)]
    [InlineData("run: pnpm publish -r", "npm", null)]
    [InlineData("run: uv publish", "pypi", null)]
    [InlineData("run: 'curl -H \"Authorization: bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN\" \"$ACTIONS_ID_TOKEN_REQUEST_URL\"'", null, null)]
    [InlineData("{ uses: actions/github-script@v7, with: { script: 'return await core.getIDToken()' } }", null, null)]
    public void Logins_ExchangeInAScript_AreTrusts(string step, string? target, string? role)
    {
        var report = Steps("permissions: { id-token: write }", step);
        var login = report.Jobs[0].Logins.ShouldHaveSingleItem();
        (login.Target, login.Mode, login.Role).ShouldBe((target, LoginMode.Oidc, role));
        WorkflowFileFacts.Of(report)["federation"].State.ShouldBe(Knowledge.Value);

        var trust = Trust(report, "https://github.com/acme/x");
        trust.Facts["target"].ShouldBe(KnownValue.Or(target, KnownValue.NotExposed));
        trust.NaturalKey.ShouldBe($"trust:.github/workflows/a.yml#a:{target ?? "?"}:{role}");
        (target is null).ShouldBe(trust.Grants[0].Permission == "federate: unknown target");
        trust.Grants[0].AltersRelease.ShouldBe(target is null || report.Jobs[0].Capabilities.Count > 0);
    }

    [Fact]
    public void Logins_TokenAskedForAndExchangedInOneJob_AreOneTrust() =>
        Steps("permissions: { id-token: write }", "run: 'T=$(curl $ACTIONS_ID_TOKEN_REQUEST_URL)'", "run: aws sts assume-role-with-web-identity --role-arn $R")
            .Jobs[0].Logins.ShouldHaveSingleItem().Target.ShouldBe("aws");

    [Fact]
    public void Logins_PublishWithAStoredKey_IsNoExchange() =>
        Steps("permissions: { id-token: write }", "{ run: npm publish --provenance, env: { NODE_AUTH_TOKEN: '${{ secrets.PUBLISH }}' } }")
            .Jobs[0].Logins.ShouldHaveSingleItem().Mode.ShouldBe(LoginMode.Static);

    [Theory]
    [InlineData("permissions: { id-token: write }", Knowledge.NotExposed)]
    [InlineData("permissions: { contents: write }", Knowledge.Never)]
    [InlineData("", Knowledge.Never)]
    public void Federation_OfAJobThatMayAskForItsToken_IsNotNever(string permissions, Knowledge state) =>
        WorkflowFileFacts.Of(Steps(permissions, "uses: acme/unheard-of@v1"))["federation"].State.ShouldBe(state);

    [Theory]
    [InlineData("https://github.com/acme/x", "https://token.actions.githubusercontent.com")]
    [InlineData("https://api.github.com/", "https://token.actions.githubusercontent.com")]
    [InlineData("ssh://git@ssh.github.com:443/acme/x.git", "https://token.actions.githubusercontent.com")]
    [InlineData("https://octo.ghe.com/acme/x", "https://token.actions.octo.ghe.com")]
    [InlineData("https://api.octo.ghe.com/", "https://token.actions.octo.ghe.com")]
    [InlineData("https://gitlab.com/acme/x", null)]
    [InlineData("https://github.com.evil.example/acme/x", null)]
    [InlineData("https://notghe.com/acme/x", null)]
    [InlineData("https://git.acme.example/acme/x", null)]
    public void Issuer_OfAHost_IsItsOwnOrUnknown(string address, string? issuer)
    {
        NhiGovernance.Sources.Connectors.GitHubIssuer.Of(new Uri(address)).ShouldBe(issuer);
        if (address.EndsWith("/x", StringComparison.Ordinal))
        {
            var trust = Trust(Steps("permissions: { id-token: write }", "run: uv publish"), address);
            trust.Facts["issuer"].ShouldBe(KnownValue.Or(issuer, KnownValue.NotExposed));
            trust.JoinKeys.ShouldBe(issuer is null ? [] : [$"oidc:{issuer}|repo:acme/x"]);
        }
    }

    [Theory]
    [InlineData("https://git.acme.example/api/v3/", "https://git.acme.example/_services/token")]
    [InlineData("https://git.acme.example:8443/api/v3/", "https://git.acme.example:8443/_services/token")]
    [InlineData("https://api.octo.ghe.com/", "https://token.actions.octo.ghe.com")]
    public void Issuer_OfAHostThatIsGitHub_IsNeverUnknown(string api, string issuer) =>
        NhiGovernance.Sources.Connectors.GitHubIssuer.OfGitHub(new Uri(api)).ShouldBe(issuer);

    [Fact]
    public void Job_OfUnreadCodeWithAWritingToken_IsAPrincipalOfWhichNotAllIsKnown()
    {
        var job = WorkflowObservations.From(
                Read("on: push\njobs:\n  release:\n    permissions: { contents: write, id-token: write }\n    uses: other/flows/.github/workflows/release.yml@v1\n"),
                GitAddress.TryParse("https://github.com/acme/x", []).Value, "main")
            .OfType<IdentityObservation>().ShouldHaveSingleItem();
        job.Kind.ShouldBe(IdentityKind.WorkflowJob);
        job.Facts["does"].State.ShouldBe(Knowledge.NotExposed);
        job.Facts["logins"].State.ShouldBe(Knowledge.NotExposed);
        job.Grants.Select(g => (g.Permission, g.AltersRelease)).ShouldBe([("contents:write", true), ("id-token:write", true), ("may alter a release: not known", true)]);
    }

    [Theory]
    [InlineData("uses: some/uploader@v3\n        with: { token: '${{ secrets.UPLOAD }}' }", true, "some/uploader@v3")]
    [InlineData("uses: docker://some/uploader:3\n        env: { T: '${{ secrets.UPLOAD }}' }", true, "docker://some/uploader:3")]
    [InlineData("uses: actions/github-script@v7\n        env: { T: '${{ secrets.UPLOAD }}' }", true, "actions/github-script@v7")]
    [InlineData("uses: some/uploader@v3", false, "some/uploader@v3")]
    [InlineData("uses: codecov/codecov-action@v5\n        with: { token: '${{ secrets.UPLOAD }}' }", false, null)]
    [InlineData("uses: docker/build-push-action@v6\n        with: { tags: '${{ secrets.UPLOAD }}' }", false, null)]
    [InlineData("uses: docker/build-push-action@v6\n        with: { push: False, tags: '${{ secrets.UPLOAD }}' }", false, null)]
    [InlineData("uses: docker/build-push-action@v6\n        with: { outputs: '${{ inputs.out }}', tags: '${{ secrets.UPLOAD }}' }", true, "docker/build-push-action@v6")]
    [InlineData("uses: docker/build-push-action@v1.1\n        with: { username: '${{ secrets.UPLOAD }}' }", true, "docker/build-push-action@v1.1")]
    [InlineData("uses: docker/bake-action@v6\n        with: { set: '*.output=type=registry' }\n        env: { T: '${{ secrets.UPLOAD }}' }", true, "docker/bake-action@v6")]
    [InlineData("uses: gradle/actions/setup-gradle@v4\n        env: { T: '${{ secrets.UPLOAD }}' }", false, null)]
    [InlineData("uses: gradle/actions/setup-gradle@v3\n        with: { arguments: publish }\n        env: { T: '${{ secrets.UPLOAD }}' }", true, "gradle/actions/setup-gradle@v3")]
    public void Job_WithAnActionThatNoRuleKnows_MayReleaseWithWhatItHolds(string step, bool isPrincipal, string? unknown)
    {
        var report = Steps("permissions: read-all", step);
        WorkflowObservations.From(report, GitAddress.TryParse("https://github.com/acme/x", []).Value, "main").OfType<IdentityObservation>()
            .Count(i => i.Kind == IdentityKind.WorkflowJob).ShouldBe(isPrincipal ? 1 : 0);
        var facts = WorkflowFileFacts.Of(report);
        facts["capabilities"].State.ShouldBe(unknown is null ? Knowledge.Never : Knowledge.NotExposed);
        report.Jobs[0].UnknownActions.Select(a => a.Uses).ShouldBe(unknown is null ? [] : [unknown]);
    }

    [Fact]
    public void Job_WithAnUnknownActionAndATokenThatNothingLimits_MayAlterARelease()
    {
        var job = WorkflowObservations.From(Steps("env: {}", "uses: acme/gh-release@v1"), GitAddress.TryParse("https://github.com/acme/x", []).Value, "main")
            .OfType<IdentityObservation>().ShouldHaveSingleItem();
        job.Kind.ShouldBe(IdentityKind.WorkflowJob);
        job.Grants.ShouldHaveSingleItem().ShouldBe(new GrantObservation("may alter a release: not known", "acme/x", AltersRelease: true));
    }

    [Fact]
    public void Job_ThatPushesAnImageInOtherLetters_Publishes() =>
        Steps("permissions: read-all", "uses: docker/build-push-action@v6\n        with: { push: True }").Jobs[0].Capabilities.ShouldHaveSingleItem().Kind.ShouldBe(CapabilityKind.Publish);

    [Fact]
    public void Trust_OfAJobOfWhichNotAllIsKnown_CountsAsOneThatAltersReleases()
    {
        var trust = WorkflowObservations.From(
                Steps("permissions: { id-token: write }", "uses: aws-actions/configure-aws-credentials@v4\n        with: { role-to-assume: 'arn:aws:iam::1:role/r' }", "uses: acme/deploy@v1"),
                GitAddress.TryParse("https://github.com/acme/x", []).Value, "main")
            .OfType<IdentityObservation>().Single(i => i.Kind == IdentityKind.FederatedTrust);
        trust.Grants.ShouldHaveSingleItem().AltersRelease.ShouldBeTrue();
    }

    [Theory]
    [InlineData("runs: { using: node20, main: index.js }", Knowledge.NotExposed)]
    [InlineData("runs: { using: docker, image: Dockerfile }", Knowledge.NotExposed)]
    [InlineData("runs: { using: composite, steps: [{ run: make, shell: bash }] }", Knowledge.Never)]
    public void Job_WithALocalAction_IsReadOnlyAsFarAsItIsAListOfSteps(string action, Knowledge known)
    {
        var bytes = Encoding.UTF8.GetBytes("on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: ./.github/actions/x\n");
        var report = WorkflowReport.Read(".github/workflows/a.yml", bytes, "acme", _ => YamlReader.Read(Encoding.UTF8.GetBytes(action)));
        WorkflowFileFacts.Of(report)["capabilities"].State.ShouldBe(known);
    }

    [Fact]
    public void Calls_OfALocalWorkflowThatIsNotThere_AreNotNone()
    {
        var bytes = Encoding.UTF8.GetBytes("on: push\njobs:\n  a:\n    uses: ./.github/workflows/gone.yml\n");
        var report = WorkflowReport.Read(".github/workflows/a.yml", bytes, "acme", _ => null, new WorkflowCalls());
        WorkflowFileFacts.Of(report)["capabilities"].State.ShouldBe(Knowledge.NotExposed);
    }

    [Fact]
    public void Secrets_InAnExpressionOverSeveralLines_AreNamed() =>
        Read("on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: |\n          x ${{ a &&\n            secrets.DEEP }}\n")
            .Jobs[0].Secrets.ShouldHaveSingleItem().Name.ShouldBe("DEEP");

    [Fact]
    public void Images_BuiltOrComputed_AreNotNone()
    {
        var action = YamlReader.Read("runs:\n  using: docker\n  image: Dockerfile\n"u8);
        var report = WorkflowReport.Read(
            ".github/workflows/a.yml",
            "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    services: ${{ fromJSON(inputs.s) }}\n    steps:\n      - uses: ./build\n"u8, "acme", _ => action);
        report.Jobs[0].Images.Select(i => (i.Role, i.Pin)).ShouldBe([("services", ImagePin.Computed), ("action", ImagePin.Computed)]);
    }

    [Theory]
    [InlineData("permissions: everything", "default")]
    [InlineData("permissions: {}", "none")]
    public void Permissions_NotUnderstood_AreNotNone(string permissions, string level) =>
        Steps(permissions, "run: make").Jobs[0].Permissions.Level("contents").ShouldBe(level);

    private static IdentityObservation Trust(WorkflowReport report, string address) =>
        WorkflowObservations.From(report, GitAddress.TryParse(address, []).Value, "main").OfType<IdentityObservation>().Single(i => i.Kind == IdentityKind.FederatedTrust);

    private static WorkflowReport Steps(string top, params string[] steps) =>
        Read($"on: push\n{top}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n{string.Concat(steps.Select(s => $"      - {s}\n"))}");

    private static WorkflowReport Read(string text)
    {
        var report = WorkflowReport.Read(".github/workflows/a.yml", Encoding.UTF8.GetBytes(text), "acme", _ => null);
        report.Unreadable.ShouldBeNull();
        return report;
    }
}
