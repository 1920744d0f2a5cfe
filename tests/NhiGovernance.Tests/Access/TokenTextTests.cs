using System.Text.RegularExpressions;
using FsCheck.Fluent;
using NhiGovernance.Access;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Access;

public sealed class TokenTextTests
{
    [Fact]
    public void Parse_WhatWasMade_FindsTheSameToken()
    {
        var (text, made) = TokenText.Make("api");

        var parsed = TokenText.Parse(text).ShouldNotBeNull();
        parsed.PublicId.ShouldBe(made.PublicId);
        parsed.SecretHash.ShouldBe(made.SecretHash);
        Regex.IsMatch(text, "^" + TokenText.Pattern + "$", RegexOptions.NonBacktracking).ShouldBeTrue();
        parsed.ToString().ShouldNotContain(text[21..40]);
    }

    [Fact]
    public void Parse_AnyOneCharacterChanged_FindsNone() => Prop.ForAll(
        Gen.Choose(0, 69).SelectMany(at => Gen.Elements("0aZ_-x9".ToCharArray()).Select(c => (at, c))).ToArbitrary(),
        change =>
        {
            var (text, _) = TokenText.Make("api");
            var characters = text.ToCharArray();
            characters[change.at] = change.c;
            var changed = new string(characters);
            return changed == text || TokenText.Parse(changed) is null;
        }).CheckCases();

    [Fact]
    public void Parse_AnyText_NeverThrows() =>
        Prop.ForAll<string?>(text => TokenText.Parse(text) is null).CheckCases();

    [Fact]
    public void Checksum_OfAKnownText_IsTheStandardCrc32() =>
        // CRC-32 of "123456789" is 0xCBF43926 = 3,421,780,262: in base 62, six digits.
        TokenText.Checksum("123456789").ShouldBe("3jZRME");

    [Fact]
    public void MayGive_AScopeBeyondOnesOwnRoles_IsRefused()
    {
        TokenScopes.MayGive(With(Role.Engineer), "people:write").ShouldBeFalse();
        TokenScopes.MayGive(With(Role.Engineer), "sources:write").ShouldBeTrue();
        TokenScopes.MayGive(With(Role.Engineer), "audit:read").ShouldBeFalse();
        TokenScopes.MayGive(Actor.System("command line"), "people:write").ShouldBeTrue();
        TokenScopes.Known.ShouldAllBe(s => s.EndsWith(":read") || s.EndsWith(":write"));
    }

    [Theory]
    [InlineData("short", true)]
    [InlineData("password1234", true)]
    [InlineData("PASSWORD2026!", true)]
    [InlineData("qwertyuiopasdfgh", true)]
    [InlineData("aaaaaaaaaaaaaaaa", true)]
    [InlineData("ada@acme.test", true)]
    [InlineData("nhigovernance1", true)]
    [InlineData("a quiet harbour at dawn", false)]
    [InlineData("ünïcödé straße 猫", false)]
    public void Fault_OfAPassword_IsThereWhenItIsBad(string password, bool bad) =>
        (PasswordRules.Fault(password, "ada@acme.test") is not null).ShouldBe(bad);

    private static Actor With(Role roles) =>
        new(ActorKind.Person, Guid.Empty, "x", roles, new HashSet<string>(), new HashSet<Guid>(), true, DateTimeOffset.UnixEpoch);
}
