using NhiGovernance.Sources.Connectors.Inventories;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Fakes;

namespace NhiGovernance.Tests.Sources.Connectors.Inventories;

/// <summary>The example files, uploaded.</summary>
public sealed class FileHarness : IConnectorHarness
{
    public string Key => "file";

    public async Task<ConnectorCase> StartAsync(IServiceProvider services, Func<string, string> secret, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("nhi-file-harness-").FullName;
        foreach (var name in (string[])["identities.csv", "credentials.csv", "people.csv"])
        {
            await using var example = FileConnectorExamples.Open(name)!;
            await using var file = File.Create(Path.Combine(folder, name));
            await example.CopyToAsync(file, cancellationToken);
        }

        return new ConnectorCase(new FileConnector(new InventoryFileOptions()), new SourceSettings(new Dictionary<string, string> { ["from"] = "upload" }), [], null)
        {
            Documents = new FolderDocuments(folder),
            End = () =>
            {
                Directory.Delete(folder, recursive: true);
                return ValueTask.CompletedTask;
            },
        };
    }
}
