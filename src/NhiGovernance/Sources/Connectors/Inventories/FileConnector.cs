using System.Runtime.CompilerServices;
using NhiGovernance.Common;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.Inventories;

/// <summary>Inventories as CSV or JSON files: see docs/connectors/file.md.</summary>
public sealed class FileConnector(InventoryFileOptions options) : IConnector
{
    public ConnectorDescriptor Descriptor => FileDescriptor.Value;

    public IReadOnlyList<FieldFault> Validate(SourceSettings settings)
    {
        var faults = new List<FieldFault>();
        if (settings.Get(FileDescriptor.From, "upload") == "path")
        {
            if (options.Roots.Count == 0)
            {
                faults.Add(new FieldFault(FileDescriptor.Path, "Paths are switched off. An Admin names the folders below which they are allowed in the setting Sources:FileRoots."));
            }
            else if (ConfiguredFolders.Resolve(settings.Get(FileDescriptor.Path), options.Roots) is null)
            {
                faults.Add(new FieldFault(FileDescriptor.Path, "There is no such file or folder below those named in the setting Sources:FileRoots."));
            }
        }

        if (settings.Get(FileDescriptor.System) is var system && (system.Length > 200 || system.Any(char.IsControl)))
        {
            faults.Add(new FieldFault(FileDescriptor.System, "Give at most 200 characters, on one line."));
        }

        return faults;
    }

    public async IAsyncEnumerable<TestStep> TestAsync(ConnectorContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<InventoryFile> files = [];
        string? problem = null;
        try
        {
            files = await InventoryFiles.OfAsync(context, options, cancellationToken);
        }
        catch (ConnectorException error)
        {
            problem = error.Message;
        }

        yield return problem is not null ? new TestStep("Files", TestOutcome.Fail, problem)
            : files.Count == 0 ? new TestStep("Files", TestOutcome.Warn, "There is no .csv or .json file yet.")
            : new TestStep("Files", TestOutcome.Pass, $"{files.Count} files: {string.Join(", ", files.Take(5).Select(f => f.Name))}");
        foreach (var file in files.Take(20))
        {
            yield return await TestAsync(context, file, cancellationToken);
        }
    }

    public IAsyncEnumerable<ReadEvent> ReadAsync(ConnectorContext context, CancellationToken cancellationToken) =>
        new FileRead(context, options).RunAsync(cancellationToken);

    private async Task<TestStep> TestAsync(ConnectorContext context, InventoryFile file, CancellationToken cancellationToken)
    {
        var (good, bad) = (0, new RefusedRows());
        try
        {
            if (file.IsKeptByUs && await file.BeginAsync(cancellationToken) is { } broken)
            {
                return new TestStep(file.Name, TestOutcome.Fail, broken);
            }

            await using var stream = file.Open();
            await foreach (var record in (await InventoryFiles.OpenAsync(stream, cancellationToken)).WithCancellation(cancellationToken))
            {
                try
                {
                    InventoryMapper.Map(record, context.Settings.Get(FileDescriptor.System, "inventory"));
                    good++;
                }
                catch (RefusedRowException refused)
                {
                    bad.Add(file.Name, record.Line, refused.Message);
                    if (bad.Count == 1)
                    {
                        return new TestStep(file.Name, TestOutcome.Warn, $"Line {record.Line}: {refused.Message}. Good rows are kept; nothing is retired while a row is refused.");
                    }
                }

                if (good >= 1000)
                {
                    break;
                }
            }

            return new TestStep(file.Name, good == 0 ? TestOutcome.Warn : TestOutcome.Pass, good == 0 ? "It holds no rows." : $"The first {good:N0} rows are good.");
        }
        catch (RefusedFileException refused)
        {
            return new TestStep(file.Name, TestOutcome.Fail, refused.Message);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new TestStep(file.Name, TestOutcome.Fail, "The file may not be read by the user that runs NhiGovernance.");
        }
    }
}
