using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using NhiGovernance.Tests.Fixtures;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace NhiGovernance.Tests.Fixtures;

internal static class AssemblySetup
{
    /// <summary>
    /// bUnit asks for a newer AngleSharp.Diffing than every registry has; the one at hand serves it (see build/Pruning.props).
    /// </summary>
    [ModuleInitializer]
    internal static void AnswerForAngleSharpDiffing() => AssemblyLoadContext.Default.Resolving += (context, name) =>
        name.Name == "AngleSharp.Diffing" ? Load(context) : null;

    private static Assembly Load(AssemblyLoadContext context) =>
        context.LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, "AngleSharp.Diffing.dll"));
}
