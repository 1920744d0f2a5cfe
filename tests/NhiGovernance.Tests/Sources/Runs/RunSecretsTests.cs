using System.Text;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Runs;

namespace NhiGovernance.Tests.Sources.Runs;

public sealed class RunSecretsTests
{
    private const string Secret = "p@ss/w0rd+secret";
    private static readonly Scope Place = new("keys", "acme");

    [Fact]
    public async Task Clean_OfAnOpenedSecretInAnyForm_RemovesIt()
    {
        var secrets = new RunSecrets((_, _) => Task.FromResult<string?>(Secret));
        string[] forms = [Secret, Uri.EscapeDataString(Secret), Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret))];
        secrets.Clean(Secret, 100).ShouldBe(Secret, "it was not opened yet");
        await secrets.OpenAsync("token", TestContext.Current.CancellationToken);
        foreach (var form in forms)
        {
            secrets.Clean($"https://x:{form}@host refused it", 100).ShouldNotContain(form.TrimEnd('='));
            var failed = (ScopeEnded)secrets.Clean(ScopeEnded.Failed(Place, $"refused {form}"));
            failed.Error.ShouldBe($"refused [removed]{(form.EndsWith('=') ? form[form.TrimEnd('=').Length..] : "")}");
            ((ScopeEnded)secrets.Clean(ScopeEnded.Denied(Place, $"grant {form}"))).Permission!.ShouldNotContain(form.TrimEnd('='));
        }
    }
}
