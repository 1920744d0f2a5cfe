using NhiGovernance.Catalogue.Mapping;
using NhiGovernance.Common;
using NhiGovernance.Web.Catalogue;
using NhiGovernance.Web.Shell.Parts;

namespace NhiGovernance.Tests.Catalogue;

public sealed class PagesTests
{
    [Theory]
    [InlineData("Payments API", "payments-api")]
    [InlineData("  Größe & Maß  ", "gro-e-ma")]
    [InlineData("Équipe Zürich", "equipe-zurich")]
    [InlineData("---", "")]
    [InlineData(null, "")]
    public void SlugOf_Names_AreKeysOrNothing(string? name, string expected) => Slug.Of(name).ShouldBe(expected);

    [Fact]
    public void SlugOf_LongName_IsCutToAKey() => Slug.Of(new string('a', 59) + " b").ShouldBe(new string('a', 59));

    [Fact]
    public void PreviewSentence_EveryPart_IsSaid()
    {
        var preview = new MappingPreview(12, 3, 1, 2, new BoundedCount(48), [], []);

        PreviewWords.Sentence(preview, draft: true).ShouldBe(
            "12 places with 48 identities would belong to it; 3 new; 1 would leave; 2 stay with a service that comes first in key order.");
        PreviewWords.Sentence(new MappingPreview(1, 0, 0, 0, new BoundedCount(1), [], []), draft: false)
            .ShouldBe("1 place with 1 identity belongs to it.");
    }
}
