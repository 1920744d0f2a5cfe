namespace NhiGovernance.Sources.Connectors;

/// <summary>Data files that are part of the engine: patterns, schemas, examples.</summary>
internal static class EmbeddedFile
{
    public static Stream Open(string name) =>
        typeof(EmbeddedFile).Assembly.GetManifestResourceStream("connectors/" + name)
        ?? throw new InvalidOperationException($"{name} is not embedded in the engine; see NhiGovernance.csproj.");
}
