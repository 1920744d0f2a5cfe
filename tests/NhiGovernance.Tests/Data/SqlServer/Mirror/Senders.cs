using System.Diagnostics;
using System.Text.RegularExpressions;
using Mono.Cecil;
using Mono.Cecil.Cil;
using NhiGovernance.Data;

namespace NhiGovernance.Tests.Data.SqlServer.Mirror;

/// <summary>The engine's methods that send something to the database: those that could, by their code, and the one that just does, by the stack.</summary>
internal static partial class Senders
{
    private static readonly string[] OfDialect =
        [nameof(IDialect.NowAsync), nameof(IDialect.LockAsync), nameof(IDialect.StageAsync), nameof(IDialect.MergeAsync), nameof(IDialect.SignalAsync), nameof(IDialect.PruneSignalsAsync)];

    /// <summary>"Slice.Type.Method" of every method whose code, with its lambdas and local functions, ends a query, saves, or asks the dialect.</summary>
    public static SortedSet<string> OfEngine()
    {
        using var engine = AssemblyDefinition.ReadAssembly(typeof(GovernanceDb).Assembly.Location);
        return [.. engine.MainModule.GetTypes().Where(t => t.FullName != typeof(GovernanceDb).FullName)
            .SelectMany(t => t.Methods).Where(m => m.HasBody && m.Body.Instructions.Any(Sends))
            .Select(m => Name(m.DeclaringType.FullName, m.Name))];
    }

    /// <summary>The engine's method nearest to the top of the stack; null when it has gone on elsewhere.</summary>
    public static string? Current() => new StackTrace(false).GetFrames()
        .Select(f => f.GetMethod())
        .Where(m => m?.DeclaringType?.Assembly == typeof(GovernanceDb).Assembly && m.DeclaringType != typeof(GovernanceDb))
        .Select(m => Name(m!.DeclaringType!.IsGenericType ? m.DeclaringType.GetGenericTypeDefinition().FullName! : m.DeclaringType.FullName!, m.Name))
        .FirstOrDefault();

    private static bool Sends(Instruction instruction) =>
        (instruction.OpCode.Code is Code.Call or Code.Callvirt) && instruction.Operand is MethodReference { Name: var name, DeclaringType.FullName: var type }
        && type switch
        {
            "Microsoft.EntityFrameworkCore.EntityFrameworkQueryableExtensions" => name.EndsWith("Async", StringComparison.Ordinal) || name == "AsAsyncEnumerable",
            "Microsoft.EntityFrameworkCore.RelationalDatabaseFacadeExtensions" => name.StartsWith("ExecuteSql", StringComparison.Ordinal),
            "Microsoft.EntityFrameworkCore.DbContext" => name.StartsWith("SaveChanges", StringComparison.Ordinal),
            "NhiGovernance.Data.IDialect" => OfDialect.Contains(name),
            _ => false,
        };

    /// <summary>The method that somebody wrote: what the compiler made of its lambdas, iterators and awaits carries its name in brackets.</summary>
    private static string Name(string type, string method)
    {
        var parts = type.Replace('/', '+').Split('+');
        var written = parts.Skip(1).Append(method).Select(p => Written().Match(p)).LastOrDefault(m => m.Success && m.Groups[1].Value.Length > 0)?.Groups[1].Value ?? method;
        return $"{parts[0]["NhiGovernance.".Length..].Split('`')[0]}.{written}";
    }

    [GeneratedRegex(@"^<+(\w*)>", RegexOptions.NonBacktracking)]
    private static partial Regex Written();
}
