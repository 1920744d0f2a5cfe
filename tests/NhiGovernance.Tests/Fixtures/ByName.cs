using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCaseOrderer(typeof(NhiGovernance.Tests.Fixtures.ByName))]

namespace NhiGovernance.Tests.Fixtures;

/// <summary>
/// The tests of a class run in the order of their names. xunit's own order comes from a hash that the folder of the build goes
/// into, so the same commit would run in another order in each clone.
/// </summary>
public sealed class ByName : ITestCaseOrderer
{
    public IReadOnlyCollection<TTestCase> OrderTestCases<TTestCase>(IReadOnlyCollection<TTestCase> testCases)
        where TTestCase : notnull, ITestCase =>
        [.. testCases.OrderBy(c => c.TestCaseDisplayName, StringComparer.Ordinal)];
}
