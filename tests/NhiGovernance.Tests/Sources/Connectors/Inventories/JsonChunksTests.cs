using System.Globalization;
using System.Text;
using NhiGovernance.Sources.Connectors.Inventories;

namespace NhiGovernance.Tests.Sources.Connectors.Inventories;

/// <summary>A document is the same however its bytes arrive.</summary>
public sealed class JsonChunksTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4_096)]
    [InlineData(65_536)]
    [InlineData(int.MaxValue)]
    public async Task Read_ManyObjectsOnOneLine_YieldsThemAllWhateverTheSizeOfTheParts(int part)
    {
        var objects = part < 100 ? 300 : 6_000;
        var text = new StringBuilder("{\"format\":\"nhi-inventory/1\",\"identities\":[");
        for (var n = 0; n < objects; n++)
        {
            // Of every length, so that the ends of parts fall everywhere.
            text.Append(CultureInfo.InvariantCulture, $"{(n == 0 ? "" : ",")}{{\"id\":\"svc/{n}\",\"kind\":\"Bot\",\"name\":\"{new string('x', n % 97)}\",\"notes\":\"{new string('y', n % 211)}\",\"disabled\":\"false\"}}");
        }

        text.Append("],\"credentials\":[]}");
        await using var stream = new Parts(Encoding.UTF8.GetBytes(text.ToString()), part);

        var read = new List<string>();
        await foreach (var record in JsonInventory.ReadAsync(stream, TestContext.Current.CancellationToken))
        {
            record.Problem.ShouldBeNull();
            read.Add(record.Values["id"]);
        }

        read.ShouldBe(Enumerable.Range(0, objects).Select(n => string.Create(CultureInfo.InvariantCulture, $"svc/{n}")));
    }

    /// <summary>A network's stream: never more than so many bytes at a time.</summary>
    private sealed class Parts(byte[] bytes, int most) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, most)], cancellationToken);
    }
}
