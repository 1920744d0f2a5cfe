using System.Text;
using NhiGovernance.Sources.Connectors.Git.Workflows;

namespace NhiGovernance.Tests.Sources.Connectors.Git;

/// <summary>Scripts that run what they download, in the forms that people write.</summary>
public sealed class WorkflowDownloadTests
{
    [Theory]
    [InlineData("curl -s https://x | bash", true)]
    [InlineData("curl -sSfL https://x/install.sh?a=1&b=2 | sh -s -- -b /usr/local/bin v1", true)]
    [InlineData("wget -qO- https://x | sudo -E sh -", true)]
    [InlineData("curl https://x | sudo -u deploy bash", true)]
    [InlineData("curl https://x | env A=b bash", true)]
    [InlineData("curl https://x | sed s/a/b/ | sh", true)]
    [InlineData("curl https://x | tee install.log | /usr/bin/bash", true)]
    [InlineData("bash <(curl -s https://x)", true)]
    [InlineData(". <(curl -s https://x)", true)]
    [InlineData("source <(curl -s https://x)", true)]
    [InlineData("eval \"$(curl -s https://x)\"", true)]
    [InlineData("sh -c \"$(curl -fsSL https://x)\"", true)]
    [InlineData("bash -c `curl -fsSL https://x`", true)]
    [InlineData("python3 <(curl -s https://x)", true)]
    [InlineData("iwr https://x | iex", true)]
    [InlineData("iex ((New-Object System.Net.WebClient).DownloadString('https://x'))", true)]
    [InlineData("iex \"& { $(irm https://x) } -RunAsAdmin\"", true)]
    [InlineData("curl -s https://x | python3 -", true)]
    [InlineData("deno run -A https://deno.land/x/y.ts", true)]
    [InlineData("curl -s https://x | jq .", false)]
    [InlineData("curl -s https://x | tar xz", false)]
    [InlineData("curl -s https://x | shasum -c", false)]
    [InlineData("curl -o install.sh https://x", false)]
    [InlineData("curl -s https://x && bash build.sh", false)]
    [InlineData("curl -s https://x || sh fallback.sh", false)]
    [InlineData("curl -s https://x; cat y | sh", false)]
    [InlineData("cat x | sh", false)]
    public void IsPiped_Commands_AsDocumented(string command, bool expected) => Downloads.IsPiped(command).ShouldBe(expected);

    [Theory]
    [InlineData("curl -fsSL https://x/install.sh -o get.sh\nsh get.sh", 2)]
    [InlineData("curl -fsSL https://x/install.sh -o get.sh && chmod +x get.sh && ./get.sh", 1)]
    [InlineData("wget https://x/y/install.sh\nsudo bash install.sh --yes", 2)]
    [InlineData("curl -LO https://x/install.sh\n\nchmod +x install.sh\n./install.sh", 4)]
    [InlineData("curl -sSL https://x > /tmp/setup.py\npython3 /tmp/setup.py", 2)]
    [InlineData("curl --output tool https://x/tool\n./tool", 2)]
    [InlineData("wget -q -O /tmp/run.sh https://x\n/tmp/run.sh", 2)]
    [InlineData("curl -fsSLo codecov https://uploader.codecov.io/latest/linux/codecov\nchmod +x codecov\n./codecov", 3)]
    [InlineData("curl -fsSL https://x -o get.sh\necho \"$SUM  get.sh\" | sha256sum -c\nsh get.sh", 0)]
    [InlineData("curl -fsSL https://x -o get.sh\ngpg --verify get.sh.asc get.sh\nsh get.sh", 0)]
    [InlineData("curl -fsSL https://x -o data.json\nsh build.sh", 0)]
    [InlineData("sh get.sh\ncurl -fsSL https://x -o get.sh", 0)]
    public void In_DownloadThatIsRunLater_IsFoundUnlessSomebodyLooks(string script, int line)
    {
        var text = new YamlText(script, 0, Block: true);
        var found = Downloads.In(text).Where(d => d.Form == DownloadForm.RunAfter).Select(d => d.Line).ToList();
        found.ShouldBe(line == 0 ? [] : [line]);
    }

    [Fact]
    public void Read_Workflow_KeepsBothApartWithTheirLines()
    {
        var report = WorkflowReport.Read(".github/workflows/a.yml", Encoding.UTF8.GetBytes("""
            on: push
            jobs:
              a:
                runs-on: ubuntu-latest
                steps:
                  - run: |
                      curl -fsSL https://x/a | sh
                      wget https://x/install.sh
                      bash install.sh
            """), "acme", _ => null);
        report.Jobs[0].Downloads.Select(d => (d.Form, d.Job, d.Line)).ShouldBe([(DownloadForm.Piped, "a", 7), (DownloadForm.RunAfter, "a", 9)]);
        var facts = WorkflowFileFacts.Of(report);
        facts["pipedToShell"].Text.ShouldBe("""[{"job":"a","line":7}]""");
        facts["downloadedAndRun"].Text.ShouldBe("""[{"job":"a","line":9}]""");
    }
}
