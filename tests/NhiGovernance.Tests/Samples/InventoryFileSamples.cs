using NhiGovernance.Sources;
using NhiGovernance.Sources.Connectors.Inventories;
using NhiGovernance.Sources.Documents;

namespace NhiGovernance.Tests.Samples;

public sealed class InventoryFileSamples : ISamples
{
    public void Add(SampleSet samples)
    {
        samples.For<EnsureImportSource>(s => Task.FromResult<object>(new EnsureImportSourceRequest("/imports/" + s.Unique("path"))));
        samples.For<PlanInventoryDocument>(s => Task.FromResult<object>(new PlanInventoryDocumentRequest(SourceOf(s), "people.csv")));
        samples.For<GetInventoryDocuments>(s => Task.FromResult<object>(new GetInventoryDocumentsRequest(SourceOf(s))));
        samples.For<KeepInventoryDocuments>(async s =>
        {
            var id = SourceOf(s);
            var staged = await s.Engine.Get<DocumentStore>().StageAsync("people.csv", new MemoryStream("name\n"u8.ToArray()), 100, default);
            return new KeepInventoryDocumentsRequest(id, [staged!]);
        });
    }

    private static Guid SourceOf(SampleContext s) => s.Save(new Source
    {
        Id = s.NewId(),
        ConnectorKey = FileDescriptor.Key,
        Name = s.Unique("Files"),
        Settings = """{"from":"upload"}""",
        Host = string.Empty,
        CreatedAt = s.Now,
    }).Id;
}
