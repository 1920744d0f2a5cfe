using NhiGovernance.Sources;
using NhiGovernance.Sources.Connectors.Inventories;

namespace NhiGovernance.Tests.Samples;

public sealed class InventoryFileSamples : ISamples
{
    public void Add(SampleSet samples)
    {
        samples.For<EnsureImportSource>(s => Task.FromResult<object>(new EnsureImportSourceRequest("/imports/" + s.Unique("path"))));
        samples.For<StoreInventoryDocument>(s => Task.FromResult<object>(new StoreInventoryDocumentRequest(
            s.Save(new Source
            {
                Id = s.NewId(),
                ConnectorKey = FileDescriptor.Key,
                Name = s.Unique("Files"),
                Settings = """{"from":"upload"}""",
                Host = string.Empty,
                CreatedAt = s.Now,
            }).Id,
            "people.csv",
            new MemoryStream("name\n"u8.ToArray()))));
    }
}
