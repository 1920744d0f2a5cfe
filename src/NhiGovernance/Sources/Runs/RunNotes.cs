namespace NhiGovernance.Sources.Runs;

/// <summary>The notes of a run, one a line, within what the row holds.</summary>
internal sealed class RunNotes(RunSecrets secrets)
{
    private const int Longest = 4000;

    private readonly Lock _gate = new();
    private string? _text;

    public string? Text
    {
        get
        {
            lock (_gate)
            {
                return _text;
            }
        }
    }

    public void Add(string note)
    {
        var line = secrets.Clean(note, 500).ReplaceLineEndings(" ");
        lock (_gate)
        {
            var text = _text is null ? line : $"{_text}\n{line}";
            _text = text.Length <= Longest ? text : _text;
        }
    }
}
