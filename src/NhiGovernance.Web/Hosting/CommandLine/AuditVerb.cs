using System.CommandLine;
using NhiGovernance.Audit;

namespace NhiGovernance.Web.Hosting.CommandLine;

/// <summary><c>audit verify</c>: walks the audit log's chain of hashes. Ends with 1 and the first bad sequence number when it is broken.</summary>
internal sealed class AuditVerb : IVerb
{
    public Command Describe() => new("audit", "Check the audit log.") { Verify() };

    private static Command Verify()
    {
        var head = new Option<string?>("--head")
        {
            Description = "A head noted earlier, as this verb prints it: then a log that was cut or rewritten is found too.", HelpName = "N:HASH",
        };
        var command = new Command("verify", "Check that no entry was altered, removed or put in; name the first bad one.") { head };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, parsed.GetValue(head), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, string? head, CancellationToken cancellationToken)
    {
        var broken = false;
        var code = await VerbScope.RunAsync(
            parsed,
            (scope, token) => scope.Get<VerifyAudit>().RunAsync(new VerifyAuditRequest(Parse(head)), token),
            found =>
            {
                broken = !found.IsWhole;
                return found.Fault is { } fault
                    ? $"BROKEN at sequence {fault.Sequence}: {fault.Message}"
                    : $"Whole: {found.Entries} entries. Head {found.Head.Sequence}:{found.Head.Hash}";
            },
            cancellationToken);
        return broken ? NhiCommandLine.Failed : code;
    }

    private static AuditHead? Parse(string? head)
    {
        if (head is null)
        {
            return null;
        }

        var parts = head.Split(':');
        return parts.Length == 2 && long.TryParse(parts[0], System.Globalization.CultureInfo.InvariantCulture, out var sequence)
            ? new AuditHead(sequence, parts[1])
            : throw new SettingException("--head", "give the number and the hash as \"12:ab…\"");
    }
}
