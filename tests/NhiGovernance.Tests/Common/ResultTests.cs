using NhiGovernance.Common;

namespace NhiGovernance.Tests.Common;

public sealed class ResultTests
{
    [Fact]
    public void Value_OfAnError_Throws()
    {
        Result<int> result = new Error.Conflict("taken");

        result.IsOk.ShouldBeFalse();
        Should.Throw<InvalidOperationException>(() => result.Value);
    }

    [Fact]
    public void Count_BeyondTheLimit_SaysSo() => new BoundedCount(10_001).ToString().ShouldBe("10,000+");
}
