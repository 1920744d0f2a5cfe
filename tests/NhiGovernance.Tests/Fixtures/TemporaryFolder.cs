namespace NhiGovernance.Tests.Fixtures;

/// <summary>A folder that only this user may enter (0700), gone when the test is.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("nhi-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
