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

        foreach (var file in files)
        {
            if (!file.IsFile)
            {
                note($"{Emit.Short(file.Path)} is a link or a submodule and was not followed.");
                continue;
            }

            var content = await objects.ReadAsync(file.Id, YamlReader.MostBytes, cancellationToken);
            if (content?.Content is not { } bytes)
            {
                yield return new WorkflowReport(file.Path, null, [], $"larger than {YamlReader.MostBytes / 1024} KB");
                continue;
            }

            // Parsed once to see which composite actions it names, fetched, and then read with them at hand.
            await FetchCompositesAsync(WorkflowReport.Read(file.Path, bytes, repositoryOwner, Known), 0, cancellationToken);
            yield return WorkflowReport.Read(file.Path, bytes, repositoryOwner, Known);
        }
    }

    private YamlNode? Known(string uses) => _composites.GetValueOrDefault(uses);

    private async Task FetchCompositesAsync(WorkflowReport report, int depth, CancellationToken cancellationToken)
    {
        foreach (var uses in report.Jobs.SelectMany(j => j.Job.Steps).Select(s => s.Uses).OfType<string>().Distinct())
        {
            await FetchAsync(uses, depth, cancellationToken);
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
