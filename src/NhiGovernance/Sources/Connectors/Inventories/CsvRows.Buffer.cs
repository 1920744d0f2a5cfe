namespace NhiGovernance.Sources.Connectors.Inventories;

/// <summary>How text comes and goes while rows are read.</summary>
internal sealed partial class CsvRows
{
    /// <summary>To the line after the one where the cell at hand began. Most often it is here still; a line without an end is let go of.</summary>
    private async ValueTask GoOnAsync(CancellationToken cancellationToken)
    {
        _cells.Clear();
        var found = _buffer.AsSpan(_cell, _at - _cell).IndexOfAny('\r', '\n');
        if (found >= 0)
        {
            (_at, _line) = (_cell + found, _cellLine);
            TakeLineEnd();
            return;
        }

        do
        {
            found = _buffer.AsSpan(_at, _end - _at).IndexOfAny('\r', '\n');
            if (found >= 0)
            {
                _at += found;
                TakeLineEnd();
                return;
            }

            (_start, _cell, _at) = (_end, _end, _end);
        }
        while (await FillAsync(cancellationToken));
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_isLast)
        {
            return false;
        }

        if (_buffer.Length - _end < Ahead)
        {
            var gone = Math.Max(0, _start - 1);
            Array.Copy(_buffer, gone, _buffer, 0, _end - gone);
            (_start, _at, _end) = (_start - gone, _at - gone, _end - gone);
            (_cell, _first, _close) = (_cell - gone, _first - gone, _close - gone);
        }

        var read = await text.ReadAsync(_buffer.AsMemory(_end, Ahead), cancellationToken);
        _isLast = read == 0;
        _end += read;
        return read > 0;
    }
}
