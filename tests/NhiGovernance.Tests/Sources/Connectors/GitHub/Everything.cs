using System.Text.Json;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>An event with all that it holds, as text.</summary>
internal static class Everything
{
    public static string Of(ReadEvent read) => read switch
    {
        ScopePage page => JsonSerializer.Serialize(page.Observations.Select(o => (object)o)),
        _ => read.ToString(),
    };
}
