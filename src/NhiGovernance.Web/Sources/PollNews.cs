using Microsoft.AspNetCore.Components;
using NhiGovernance.Sources.Manage;
using NhiGovernance.Sources.Runs;
using NhiGovernance.Web.Shell;

namespace NhiGovernance.Web.Sources;

/// <summary>
/// Says in the page's live region how a poll ended, for those who do not see its row change. Draws nothing; what had ended when
/// the page was opened is no news.
/// </summary>
public sealed class PollNews : ComponentBase, IDisposable
{
    private readonly Dictionary<Guid, Guid?> _known = [];
    private readonly CancellationTokenSource _life = new();

    [Inject] private GetRun Get { get; set; } = default!;

    [Inject] private Page Page { get; set; } = default!;

    /// <summary>The sources of the page, as they are now.</summary>
    [Parameter, EditorRequired] public IReadOnlyList<SourceRow> Sources { get; set; } = [];

    public void Dispose()
    {
        _life.Cancel();
        _life.Dispose();
    }

    protected override async Task OnParametersSetAsync()
    {
        var ended = new List<Guid>();
        foreach (var source in Sources)
        {
            if (_known.TryGetValue(source.Id, out var before) && source.LastRunId is { } run && run != before)
            {
                ended.Add(run);
            }

            _known[source.Id] = source.LastRunId;
        }

        var said = new List<string>();
        foreach (var id in ended)
        {
            var run = await Get.RunAsync(new GetRunRequest(id), _life.Token);
            if (run.IsOk)
            {
                said.Add(SourceWords.Ended(run.Value.SourceName, run.Value.Run));
            }
        }

        if (said.Count > 0)
        {
            Page.Say(string.Join(" ", said));
        }
    }
}
