namespace NhiGovernance.BrowserTests;

/// <summary>A product of its own in which the example company lives: tests that read, and leave nothing that others would trip over.</summary>
public sealed class FurnishedProduct : IAsyncLifetime
{
    public Product Product { get; } = new();

    internal ExampleCompany Company { get; private set; } = default!;

    public async ValueTask InitializeAsync()
    {
        await Product.InitializeAsync();
        Company = new ExampleCompany(Product);
        await using (await Product.VisitAsync())
        {
            // The first visit makes the first account: the company then has somebody to look at it.
        }

        await Company.MoveInAsync();
    }

    public ValueTask DisposeAsync() => Product.DisposeAsync();
}

[CollectionDefinition(nameof(Furnished))]
public sealed class Furnished : ICollectionFixture<FurnishedProduct>;
