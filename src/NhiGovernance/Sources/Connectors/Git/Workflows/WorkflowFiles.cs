using System.Runtime.CompilerServices;

namespace NhiGovernance.Sources.Connectors.Git.Workflows;

/// <summary>The workflow files of one commit, and the composite actions that they use from the same repository.</summary>
internal sealed class WorkflowFiles(GitMirror mirror, CatFile objects, string head)
{
    public const string Folder = ".github/workflows/";
    private const int MostFiles = 1000;

    private readonly Dictionary<string, YamlNode?> _composites = new(StringComparer.Ordinal);

    public async IAsyncEnumerable<WorkflowReport> ReadAsync(
        string repositoryOwner, Action<string> note, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var files = (await mirror.ListAsync(head, Folder, cancellationToken))
            .Where(e => e.Path.EndsWith(".yml", StringComparison.Ordinal) || e.Path.EndsWith(".yaml", StringComparison.Ordinal)).ToList();
        if (files.Count > MostFiles)
        {
            throw new GitFailure($"More than {MostFiles} workflow files.");
        }

        // Once to see which composite actions they use and which of them call which; then read with both at hand.
        var calls = new WorkflowCalls();
        foreach (var file in files.Where(f => f.IsFile))
        {
            if ((await objects.ReadAsync(file.Id, YamlReader.MostBytes, cancellationToken))?.Content is { } bytes)
            {
                await FetchCompositesAsync(WorkflowReport.Read(file.Path, bytes, repositoryOwner, Known), cancellationToken);
                calls.Add(WorkflowReport.Read(file.Path, bytes, repositoryOwner, Known));
            }
        }

        foreach (var file in files)
        {
            if (file.Type == "tree")
            {
                continue;
            }

            if (!file.IsFile)
            {
                note($"{Emit.Short(file.Path)} is a link or a submodule and was not followed.");
                yield return new WorkflowReport(file.Path, null, [], "a link or a submodule, which is not followed");
                continue;
            }

            var content = await objects.ReadAsync(file.Id, YamlReader.MostBytes, cancellationToken);
            yield return content?.Content is { } bytes
                ? WorkflowReport.Read(file.Path, bytes, repositoryOwner, Known, calls)
                : new WorkflowReport(file.Path, null, [], $"larger than {YamlReader.MostBytes / 1024} KB");
        }
    }

    private YamlNode? Known(string uses) => _composites.GetValueOrDefault(uses);

    private async Task FetchCompositesAsync(WorkflowReport report, CancellationToken cancellationToken)
    {
        foreach (var uses in report.Jobs.SelectMany(j => j.Job.Steps).Select(s => s.Uses).OfType<string>().Distinct())
        {
            await FetchAsync(uses, 0, cancellationToken);
        }
    }

    private async Task FetchAsync(string uses, int depth, CancellationToken cancellationToken)
    {
        if (depth > 5 || !uses.StartsWith("./", StringComparison.Ordinal) || uses.Contains("..", StringComparison.Ordinal)
            || _composites.Count >= MostFiles || !_composites.TryAdd(uses, null))
        {
            return;
        }

        foreach (var name in (string[])["action.yml", "action.yaml"])
        {
            var path = $"{uses[2..].Trim('/')}/{name}".TrimStart('/');
            if (await objects.ReadAsync($"{head}:{path}", YamlReader.MostBytes, cancellationToken) is not { Type: "blob", Content: { } bytes })
            {
                continue;
            }

            try
            {
                var node = YamlReader.Read(bytes);
                _composites[uses] = node;
                foreach (var step in node["runs"]?["steps"]?.Items ?? [])
                {
                    if (step["uses"]?.Text is { } inner)
                    {
                        await FetchAsync(inner.Trim(), depth + 1, cancellationToken);
                    }
                }
            }
            catch (UnreadableYamlException)
            {
                // The workflow is still read; what the action does stays unknown.
            }

            return;
        }
    }
}
