using System.CommandLine;
using System.Globalization;
using System.Text;
using NhiGovernance.Sources.Connectors.Inventories;

namespace NhiGovernance.Web.Hosting.CommandLine;

/// <summary><c>import PATH</c>: reads a file or a folder of inventories into the inventory, with progress on stderr.</summary>
internal sealed class ImportVerb : IVerb
{
    public Command Describe()
    {
        var path = new Argument<string>("PATH") { Description = "A file or a folder of inventories (CSV or JSON; see docs/connectors/file.md)." };
        var command = new Command("import", "Import a file or a folder of identities, credentials and people.") { path };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, parsed.GetValue(path)!, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, string path, CancellationToken cancellationToken)
    {
        var clean = false;
        var code = await VerbScope.RunAsync(
            parsed,
            (scope, token) => scope.Get<ImportFile>().RunAsync(new ImportFileRequest(path, Console.Error.WriteLine), token),
            result =>
            {
                clean = result.IsClean;
                return Print(result);
            },
            cancellationToken);
        return code == NhiCommandLine.Done && !clean ? NhiCommandLine.Failed : code;
    }

    private static string Print(ImportResult result)
    {
        var text = new StringBuilder();
        foreach (var file in result.Files)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{file.Name}: {file.Outcome}");
        }

        foreach (var row in result.Refused)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{row.File}:{row.Line}: {row.Reason}");
        }

        if (result.RefusedCount > result.Refused.Count)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"The first {result.Refused.Count:N0} of {result.RefusedCount:N0} refusals are listed.");
        }

        if (result.Error is { } error)
        {
            text.AppendLine(error);
        }

        return text.Append(result.State is null
            ? "Nothing was imported."
            : string.Create(CultureInfo.InvariantCulture, $"{result.State}: {result.Seen:N0} seen, {result.Added:N0} new, {result.Changed:N0} changed, {result.WentMissing:N0} gone. Source: {result.SourceName}")).ToString();
    }
}
