namespace NhiGovernance.Tests.Fixtures;

/// <summary>Where this repository and the documents that tests read are.</summary>
public static class Repository
{
    public const string DataSetting = "NHI_TEST_DATA";

    public static string Root { get; } = FindRoot();

    /// <summary>The folder of real documents: the setting NHI_TEST_DATA, or <c>../shared/data</c> beside the repository's root.</summary>
    public static string DataFolder { get; } = Path.GetFullPath(
        Environment.GetEnvironmentVariable(DataSetting) is { Length: > 0 } named ? named : Path.Combine(Root, "..", "shared", "data"));

    /// <summary>The full path of a document; skips the calling test, visibly, where it is not at hand.</summary>
    public static string Document(string path)
    {
        var full = Path.Combine(DataFolder, path);
        Assert.SkipUnless(File.Exists(full) || Directory.Exists(full), $"{path} is not at hand; set {DataSetting} to the folder of test documents.");
        return full;
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "NhiGovernance.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside of their repository.");
    }
}
