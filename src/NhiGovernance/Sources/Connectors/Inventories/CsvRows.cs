using System.Globalization;

namespace NhiGovernance.Sources.Connectors.Inventories;

/// <summary>
/// Rows of separated values, one after the other, in memory that the longest row bounds. What cannot be taken apart is one row with
/// a problem, and reading goes on with the line after the one where its faulty cell began: a missing quotation mark costs its
/// own row and not those behind it.
/// </summary>
/// <remarks>
/// Going back costs little: up to the fault a cell holds only doubled marks, so of the lines in it that are then read on their own
/// none leaves a mark open, and none goes on into the next.
/// </remarks>
internal sealed partial class CsvRows(TextReader text)
{
    /// <summary>In characters, without the line's end.</summary>
    public const int LongestRow = 256 * 1024;

    private const int Ahead = 64 * 1024;
    private const string TextBehindMark = "text follows on a closing quotation mark: a mark before it is missing, or one inside of a cell is not doubled";
    private const string NoEnd = "a quotation mark is missing: the last cell has no end";

    private static readonly string TooLong = string.Create(CultureInfo.InvariantCulture, $"the row is longer than {LongestRow:N0} characters");
    private static readonly string TooLongOrOpen = $"{TooLong}, or a quotation mark is missing";

    // One character more: the one before the row, which says whether a line feed ends a line of its own.
    private readonly char[] _buffer = new char[LongestRow + Ahead + 1];
    private readonly List<Cell> _cells = [];
    private char _separator;
    private bool _isLast;
    private int _end;
    private int _start;
    private int _at;
    private int _line = 1;

    // The cell at hand: where it begins, what it holds, how far it has come.
    private int _cell;
    private int _cellLine;
    private int _first;
    private int _close;
    private bool _isDoubled;
    private Place _place;

    private enum Place
    {
        Before,
        Plain,
        Quoted,
        Mark,
        After,
    }

    private enum Found
    {
        Nothing,
        Row,
        Fault,
        More,
    }

    /// <summary>The row's first line, counted from 1.</summary>
    public int Line { get; private set; }

    /// <summary>Why the row could not be taken apart; then it has no cells.</summary>
    public string? Problem { get; private set; }

    public int Count => _cells.Count;

    public string this[int cell]
    {
        get
        {
            var (begin, length, isDoubled) = _cells[cell];
            var value = new string(_buffer, _start + begin, length);
            return isDoubled ? value.Replace("\"\"", "\"", StringComparison.Ordinal) : value;
        }
    }

    public bool IsEmpty(int cell) => _cells[cell].Length == 0;

    /// <summary>The next row, good or not; empty lines are passed over. False when there is none.</summary>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (_separator == '\0')
        {
            while (_end < Ahead && await FillAsync(cancellationToken))
            {
                // The first line says what separates the cells.
            }

            FindSeparator();
        }

        BeginRow();
        var found = Scan();
        while (found == Found.More)
        {
            found = await FillAsync(cancellationToken) ? Scan() : End();
        }

        if (found == Found.Fault)
        {
            await GoOnAsync(cancellationToken);
        }

        return found != Found.Nothing;
    }

    private void FindSeparator()
    {
        while (_at < _end && _buffer[_at] is '\r' or '\n')
        {
            TakeLineEnd();
        }

        (_separator, var said) = CsvSeparator.In(_buffer.AsSpan(_at, _end - _at));
        _at += said;
    }

    private void BeginRow()
    {
        (_start, Line, Problem) = (_at, _line, null);
        _cells.Clear();
        BeginCell();
    }

    private void BeginCell() => (_cell, _cellLine, _place, _isDoubled) = (_at, _line, Place.Before, false);

    private Found Scan()
    {
        while (true)
        {
            if (_at - _start > LongestRow)
            {
                return Fault(_place == Place.Quoted ? TooLongOrOpen : TooLong);
            }

            if (_at == _end)
            {
                return Found.More;
            }

            // Never past the limit, however much is there: what is too long must not depend on how the bytes arrive.
            var end = Math.Min(_end, _start + LongestRow + 1);
            var next = _buffer[_at];
            switch (_place)
            {
                case Place.Before when next is '\r' or '\n' && _at == _start:
                    TakeLineEnd();
                    BeginRow();
                    break;
                case Place.Mark when next == '"':
                    (_place, _isDoubled) = (Place.Quoted, true);
                    _at++;
                    break;
                case Place.Before or Place.Mark or Place.After when next == _separator:
                    EndCell();
                    break;
                case Place.Before or Place.Mark or Place.After when next is '\r' or '\n':
                    return EndRow();
                case Place.Before when next is ' ' or '\t':
                    _at++;
                    break;
                case Place.Before when next == '"':
                    _place = Place.Quoted;
                    _first = ++_at;
                    break;
                case Place.Before:
                    (_place, _first) = (Place.Plain, _at);
                    break;
                case Place.Mark or Place.After when next is ' ' or '\t':
                    _place = Place.After;
                    _at++;
                    break;
                case Place.Mark or Place.After:
                    return Fault(TextBehindMark);
                case Place.Plain:
                    if (Seek(_separator, end))
                    {
                        if (_buffer[_at] != _separator)
                        {
                            return EndRow();
                        }

                        EndCell();
                    }

                    break;
                default:
                    TakeQuoted(end);
                    break;
            }
        }
    }

    /// <summary>Goes to this character or to the line's end, whichever comes first. False when neither does.</summary>
    private bool Seek(char character, int end)
    {
        var found = _buffer.AsSpan(_at, end - _at).IndexOfAny(character, '\r', '\n');
        _at = found < 0 ? end : _at + found;
        return found >= 0;
    }

    private void TakeQuoted(int end)
    {
        if (!Seek('"', end))
        {
            return;
        }

        if (_buffer[_at] == '"')
        {
            (_place, _close) = (Place.Mark, _at);
            _at++;
        }
        else
        {
            TakeLineEnd();
        }
    }

    /// <summary>CR, LF and CR LF end one line each.</summary>
    private void TakeLineEnd()
    {
        if (_buffer[_at] == '\r' || _at == 0 || _buffer[_at - 1] != '\r')
        {
            _line++;
        }

        _at++;
    }

    private void EndCell()
    {
        AddCell();
        _at++;
        BeginCell();
    }

    private Found EndRow()
    {
        AddCell();
        TakeLineEnd();
        return Found.Row;
    }

    /// <summary>The file ends here.</summary>
    private Found End()
    {
        if (_at == _start)
        {
            return Found.Nothing;
        }

        if (_place == Place.Quoted)
        {
            return Fault(NoEnd);
        }

        AddCell();
        return Found.Row;
    }

    private void AddCell()
    {
        var (begin, end) = _place switch
        {
            Place.Before => (_at, _at),
            Place.Plain => (_first, _at),
            _ => (_first, _close),
        };
        while (_place == Place.Plain && _buffer[end - 1] is ' ' or '\t')
        {
            end--;
        }

        _cells.Add(new Cell(begin - _start, end - begin, _isDoubled));
    }

    private Found Fault(string problem)
    {
        Problem = problem;
        return Found.Fault;
    }

    /// <param name="Begin">Counted from the row's start: the row moves when more is read.</param>
    /// <param name="Length">In characters, as they stand.</param>
    /// <param name="IsDoubled">True when there are doubled marks in it.</param>
    private readonly record struct Cell(int Begin, int Length, bool IsDoubled);
}
