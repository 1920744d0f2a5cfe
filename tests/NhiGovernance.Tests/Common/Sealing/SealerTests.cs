using System.Text;
using NhiGovernance.Common.Sealing;

namespace NhiGovernance.Tests.Common.Sealing;

public sealed class SealerTests : IDisposable
{
    private static readonly SealedPlace Place = new(Guid.Parse("01939d2e-0000-7000-8000-000000000001"), "token", "api.github.com");
    private static readonly byte[] Secret = Encoding.UTF8.GetBytes("ghp_canary");

    private readonly string _folder = Directory.CreateTempSubdirectory("nhi-keys-").FullName;
    private readonly FileKeyRing _ring;
    private readonly AesGcmSealer _sealer;

    public SealerTests()
    {
        _ring = new FileKeyRing(Path.Combine(_folder, "keys"), TimeProvider.System);
        _sealer = new AesGcmSealer(_ring);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Open_WhatWasSealed_GivesTheValue()
    {
        var bytes = await _sealer.SealAsync(Secret, Place, Token);

        (await _sealer.OpenAsync(bytes, Place, Token)).ShouldBe(Secret);
        Encoding.UTF8.GetString(bytes).ShouldNotContain("canary");
    }

    [Fact]
    public async Task Seal_TheSameValueTwice_GivesDifferentBytes() =>
        (await _sealer.SealAsync(Secret, Place, Token)).ShouldNotBe(await _sealer.SealAsync(Secret, Place, Token));

    [Fact]
    public async Task Open_AtAnotherRecordFieldOrHost_Throws()
    {
        var bytes = await _sealer.SealAsync(Secret, Place, Token);

        foreach (var other in (SealedPlace[])[Place with { RecordId = Guid.Empty }, Place with { Field = "key" }, Place with { Host = "evil.test" },
            Place with { Field = "tokena", Host = "pi.github.com" }])
        {
            await Should.ThrowAsync<SealBrokenException>(async () => await _sealer.OpenAsync(bytes, other, Token));
        }
    }

    [Fact]
    public async Task Open_AnyByteFlippedOrCut_ThrowsANamedError()
    {
        var bytes = await _sealer.SealAsync(Secret, Place, Token);
        for (var i = 0; i < bytes.Length; i++)
        {
            var flipped = (byte[])bytes.Clone();
            flipped[i] ^= 1;
            var thrown = await Should.ThrowAsync<Exception>(async () => await _sealer.OpenAsync(flipped, Place, Token));
            (thrown is SealBrokenException or KeyLostException).ShouldBeTrue($"byte {i}: {thrown.GetType()}");
            await Should.ThrowAsync<SealBrokenException>(async () => await _sealer.OpenAsync(bytes.AsMemory(0, i), Place, Token));
        }
    }

    [Fact]
    public async Task Open_KeyFileGone_NamesTheKeyAndTheFolder()
    {
        var bytes = await _sealer.SealAsync(Secret, Place, Token);
        var id = _sealer.KeyIdOf(bytes);
        File.Delete(Path.Combine(_ring.Place, id + ".key"));

        var lost = await Should.ThrowAsync<KeyLostException>(async () => await _sealer.OpenAsync(bytes, Place, Token));

        lost.KeyId.ShouldBe(id);
        lost.Message.ShouldContain(_ring.Place);
    }

    [Fact]
    public async Task Rewrap_UnderANewKey_OpensWithoutTheOldOne()
    {
        var bytes = await _sealer.SealAsync(Secret, Place, Token);
        var old = _sealer.KeyIdOf(bytes);
        await _ring.AddKeyAsync(Token);

        var rewrapped = (await _sealer.RewrapAsync(bytes, Token)).ShouldNotBeNull();
        File.Delete(Path.Combine(_ring.Place, old + ".key"));

        (await _sealer.OpenAsync(rewrapped, Place, Token)).ShouldBe(Secret);
        (await _sealer.RewrapAsync(rewrapped, Token)).ShouldBeNull();
    }

    [Fact]
    public async Task Retire_OldKey_StillOpensUntilForgotten()
    {
        var bytes = await _sealer.SealAsync(Secret, Place, Token);
        var old = _sealer.KeyIdOf(bytes);
        await _ring.AddKeyAsync(Token);
        await _ring.RetireAsync(old, Token);

        (await _sealer.OpenAsync(bytes, Place, Token)).ShouldBe(Secret);
        await _ring.ForgetAsync(old, Token);
        await Should.ThrowAsync<KeyLostException>(async () => await _sealer.OpenAsync(bytes, Place, Token));
    }

    [Fact]
    public async Task Retire_TheCurrentKey_Throws()
    {
        var current = await _ring.CurrentKeyIdAsync(Token);

        await Should.ThrowAsync<InvalidOperationException>(async () => await _ring.RetireAsync(current, Token));
    }

    [Fact]
    public async Task CurrentKeyId_ManyAtOnceOnAnEmptyFolder_AgreeOnOneKey()
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            Task.Run(async () => await new FileKeyRing(_ring.Place, TimeProvider.System).CurrentKeyIdAsync(Token))));

        ids.Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task CurrentKeyId_OfARingThatAnotherProcessFilledAndSealedWithMeanwhile_IsThatKey()
    {
        string? made = null;
        var late = new FileKeyRing(_ring.Place, TimeProvider.System, async token =>
        {
            made = await _ring.CurrentKeyIdAsync(token);
            return true;
        });
        (await late.CurrentKeyIdAsync(Token)).ShouldBe(made);
    }

    [Fact]
    public async Task KeyFile_OnUnix_IsForItsOwnerOnly()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "File modes are Unix's.");
        var file = Path.Combine(_ring.Place, await _ring.CurrentKeyIdAsync(Token) + ".key");

        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            var bytes = await _sealer.SealAsync(Secret, Place, Token);
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);
            await Should.ThrowAsync<KeyExposedException>(async () => await _sealer.OpenAsync(bytes, Place, Token));
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
