using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace NhiGovernance.Tests.Fakes;

/// <summary>What one flow of a test sends to the database, and how many rows it reads back; what other tests do meanwhile does not count.</summary>
internal sealed class StatementWatch : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private static readonly AsyncLocal<StatementWatch?> Mine = new();

    private readonly ConcurrentQueue<string> _statements = new();
    private readonly List<IDisposable> _subscribed = [];
    private int _rows;

    /// <summary>To be there before the first context is: one that nobody listened to does not look again for a while.</summary>
    public StatementWatch() => _subscribed.Add(DiagnosticListener.AllListeners.Subscribe(this));

    /// <summary>From here on, in this flow and what it starts.</summary>
    public void Begin() => Mine.Value = this;

    public IReadOnlyCollection<string> Statements => _statements;

    public int Rows => _rows;

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == DbLoggerCategory.Name)
        {
            _subscribed.Add(value.Subscribe(this));
        }
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (Mine.Value != this)
        {
            return;
        }

        switch (value.Value)
        {
            case CommandExecutedEventData executed:
                _statements.Enqueue(executed.Command.CommandText);
                break;
            case DataReaderDisposingEventData read:
                Interlocked.Add(ref _rows, read.ReadCount);
                break;
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void Dispose()
    {
        Mine.Value = null;
        _subscribed.ForEach(s => s.Dispose());
    }
}
