using FsCheck.Fluent;
using NhiGovernance.Common;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Common;

public sealed class TextCutTests
{
    [Fact]
    public void To_AnyTextAndLength_FitsAndHoldsNoHalfPair() => Prop.ForAll(
        Gen.Elements("a", "é", "😀", "\u2028", "字").ListOf().Select(string.Concat).ToArbitrary(), Gen.Choose(1, 20).ToArbitrary(),
        (text, longest) =>
        {
            var cut = TextCut.To(text, longest);
            cut.Length.ShouldBeLessThanOrEqualTo(longest);
            System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(cut)).ShouldBe(cut);
            (cut == text).ShouldBe(text.Length <= longest);
            text.ShouldStartWith(cut == text ? cut : cut[..^1]);
        }).CheckCases();
}
