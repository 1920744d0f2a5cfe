using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Samples;

/// <summary>
/// A request that succeeds, for every command of a slice; each slice has one class, found by scanning:
/// <code>
/// public sealed class TeamSamples : ISamples
/// {
///     public void Add(SampleSet samples)
///     {
///         samples.For&lt;CreateTeam&gt;(new CreateTeamRequest("payments-2", "Payments 2", null));
///         samples.For&lt;RenameTeam&gt;(async s =&gt;
///         {
///             var team = s.Save(new Team { Id = s.NewId(), Key = s.Unique("team"), Name = s.Unique("Team") });
///             return new RenameTeamRequest(team.Id, "New name", Version: 1);
///         });
///     }
/// }
/// </code>
/// Each sample is used twice (once refused by a failing audit log, once in earnest), so unique names come from
/// <see cref="SampleContext.Unique"/>, or the request is made once and used for both.
/// </summary>
public interface ISamples
{
    void Add(SampleSet samples);

    /// <summary>Fakes for what only the host brings.</summary>
    void AddServices(IServiceCollection services)
    {
    }
}

public sealed class SampleSet
{
    private readonly Dictionary<Type, Func<SampleContext, Task<object>>> _requests = [];

    public static IReadOnlyList<ISamples> Slices { get; } = [.. typeof(SampleSet).Assembly.GetTypes()
        .Where(t => t is { IsAbstract: false, IsClass: true } && typeof(ISamples).IsAssignableFrom(t))
        .Select(t => (ISamples)Activator.CreateInstance(t)!)];

    /// <summary>Every sample of every slice.</summary>
    public static SampleSet All { get; } = Load();

    public void For<TCommand>(object request)
        where TCommand : IUseCase => _requests[typeof(TCommand)] = _ => Task.FromResult(request);

    /// <param name="prepare">Puts what the request needs into the database, and makes the request.</param>
    public void For<TCommand>(Func<SampleContext, Task<object>> prepare)
        where TCommand : IUseCase => _requests[typeof(TCommand)] = prepare;

    public Func<SampleContext, Task<object>>? Find(Type command) => _requests.GetValueOrDefault(command);

    private static SampleSet Load()
    {
        var set = new SampleSet();
        foreach (var slice in Slices)
        {
            slice.Add(set);
        }

        return set;
    }
}

/// <summary>What a sample has at hand: the engine, a context, who acts.</summary>
public sealed class SampleContext(TestEngine engine, GovernanceDb db)
{
    private static int _unique;

    public TestEngine Engine { get; } = engine;

    public GovernanceDb Db { get; } = db;

    public DateTimeOffset Now => Engine.Clock.GetUtcNow();

    public Guid NewId() => Engine.NewId();

    /// <summary>A name that nothing else has.</summary>
    public string Unique(string prefix) => $"{prefix}-{Interlocked.Increment(ref _unique)}";

    /// <summary>Puts a row into the database at once.</summary>
    public T Save<T>(T row)
        where T : class
    {
        Db.Add(row);
        Db.SaveChanges();
        return row;
    }

    /// <summary>Runs another use case as preparation; fails the test when it is refused.</summary>
    public async Task<TResult> RunAsync<TRequest, TResult>(Command<TRequest, TResult> command, TRequest request) =>
        (await command.RunAsync(request, TestContext.Current.CancellationToken)).Value;
}

/// <summary>Use cases by reflection.</summary>
public static class UseCases
{
    public static IReadOnlyList<Type> All { get; } = [.. typeof(GovernanceDb).Assembly.GetTypes()
        .Where(t => t is { IsAbstract: false, IsClass: true } && typeof(IUseCase).IsAssignableFrom(t) && FindBase(t) is not null)
        .OrderBy(t => t.FullName, StringComparer.Ordinal)];

    /// <summary>Those that pass no door themselves, because they are made of others that do.</summary>
    public static IReadOnlyList<Type> Composed { get; } = [.. typeof(GovernanceDb).Assembly.GetTypes()
        .Where(t => t is { IsAbstract: false, IsClass: true } && typeof(IUseCase).IsAssignableFrom(t) && FindBase(t) is null)];

    public static bool IsCommand(Type type) => Base(type).GetGenericTypeDefinition() == typeof(Command<,>);

    /// <summary>The error of a run, or null when it succeeded.</summary>
    public static async Task<NhiGovernance.Common.Error?> RunAsync(object useCase, object? request)
    {
        var run = Base(useCase.GetType()).GetMethod("RunAsync", BindingFlags.Instance | BindingFlags.Public)!;
        var task = (Task)run.Invoke(useCase, [request, TestContext.Current.CancellationToken])!;
        await task;
        return ErrorOf(task);
    }

    public static Type RequestOf(Type type) => Base(type).GetGenericArguments()[0];

    /// <summary>Runs it, and reads a stream to its end. Returns the error, or null when it succeeded.</summary>
    public static async Task<NhiGovernance.Common.Error?> DrainAsync(object useCase, object? request)
    {
        var kind = Base(useCase.GetType());
        var run = kind.GetMethod("RunAsync", BindingFlags.Instance | BindingFlags.Public)!;
        var task = (Task)run.Invoke(useCase, [request, TestContext.Current.CancellationToken])!;
        await task;
        if (kind.GetGenericTypeDefinition() == typeof(StreamQuery<,>))
        {
            var drain = typeof(UseCases).GetMethod(nameof(ReadToEndAsync), BindingFlags.NonPublic | BindingFlags.Static)!
                .MakeGenericMethod(kind.GetGenericArguments()[1]);
            await (Task)drain.Invoke(null, [task])!;
        }

        return ErrorOf(task);
    }

    private static NhiGovernance.Common.Error? ErrorOf(Task task)
    {
        var result = task.GetType().GetProperty("Result")!.GetValue(task)!;
        return (NhiGovernance.Common.Error?)result.GetType().GetProperty("Error")!.GetValue(result);
    }

    private static async Task ReadToEndAsync<T>(Task<NhiGovernance.Common.Result<IAsyncEnumerable<T>>> stream)
    {
        var rows = await stream;
        if (rows.IsOk)
        {
            await foreach (var _ in rows.Value)
            {
            }
        }
    }

    private static Type Base(Type type) =>
        FindBase(type) ?? throw new InvalidOperationException($"{type.Name} is a use case of no known kind.");

    private static Type? FindBase(Type type)
    {
        for (var at = type; at is not null; at = at.BaseType)
        {
            if (at.IsGenericType && at.GetGenericTypeDefinition() is { } g
                && (g == typeof(Command<,>) || g == typeof(Query<,>) || g == typeof(StreamQuery<,>)))
            {
                return at;
            }
        }

        return null;
    }
}
