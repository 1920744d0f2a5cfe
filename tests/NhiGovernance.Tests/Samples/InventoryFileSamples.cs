using NhiGovernance.Sources;
using NhiGovernance.Sources.Connectors.Inventories;
using NhiGovernance.Sources.Runs;

namespace NhiGovernance.Tests.Samples;

public sealed class InventoryFileSamples : ISamples
{
    public void Add(SampleSet samples)
    {
        samples.For<EnsureImportSource>(s => Task.FromResult<object>(new EnsureImportSourceRequest("/imports/" + s.Unique("path"))));
        samples.For<KeepInventoryDocument>(async s =>
        {
            var id = s.Save(new Source
            {
                Id = s.NewId(),
                ConnectorKey = FileDescriptor.Key,
                Name = s.Unique("Files"),
                Settings = """{"from":"upload"}""",
                Host = string.Empty,
                CreatedAt = s.Now,
            }).Id;
            var folder = DocumentFolder.Of(s.Engine.Get<PollOptions>(), id)!;
            var (staged, bytes) = (await DocumentFolder.StageAsync(folder, "people.csv", s.NewId(), new MemoryStream("name\n"u8.ToArray()), 100, default))!.Value;
            return new KeepInventoryDocumentRequest(id, "people.csv", staged, bytes);
        });
    }
}
