using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.Inventories;

internal static class FileDescriptor
{
    public const string Key = "file";
    public const string From = "from";
    public const string Path = "path";
    public const string System = "system";

    public static readonly ConnectorDescriptor Value = new(
        Key,
        "Inventory file",
        "Reads identities, credentials and people from CSV or JSON files, for systems that no connector reads.",
        [
            new SettingField(From, "Files come from", SettingKind.Choice, "A path on this machine, or documents that are uploaded or imported.")
            {
                Default = "upload",
                Choices = [new("upload", "Uploaded documents"), new("path", "A path on this machine")],
            },
            new SettingField(Path, "Path", SettingKind.Text, "A file, or a folder whose .csv and .json files are all read. An Admin opens folders in the setting Sources:FileRoots.")
            {
                OnlyWhen = (From, "path"),
                Placeholder = "/srv/inventory",
            },
            new SettingField(System, "System", SettingKind.Text, "Where rows without a place of their own belong: the name of the system that the file comes from.")
            {
                Default = "inventory",
                Placeholder = "mainframe",
            },
        ],
        [new NeededPermission("Read access to the files for the user that runs NhiGovernance", "All rows of the files.", "Everything in them.")],
        TimeSpan.FromHours(24))
    {
        Icon = "i-file",
    };
}
