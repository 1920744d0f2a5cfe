using System.Net;
using System.Net.Sockets;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Outbound;

namespace NhiGovernance.Tests.Sources.Outbound;

public sealed class OutboundGuardTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("https://api.github.com/")]
    [InlineData("https://github.com")]
    [InlineData("https://ghes.example.com/api/v3/")]
    [InlineData("ssh://git@", false)]
    [InlineData("http://api.github.com/", false)]
    [InlineData("ftp://api.github.com/", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("https://api.github.com:8443/", false)]
    [InlineData("https://token@api.github.com/", false)]
    [InlineData("https://api.github.com@evil.example/", false)]
    [InlineData("https://api.github.com./", false)]
    public void CheckAddress_ByShape_AllowsHttpsWithoutUserInfoOnUsualPorts(string address, bool allowed = true)
    {
        var guard = new OutboundGuard(new OutboundOptions(), new FixedResolver());
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri))
        {
            allowed.ShouldBeFalse();
            return;
        }

        if (allowed)
        {
            Should.NotThrow(() => guard.CheckAddress(uri));
        }
        else
        {
            Should.Throw<OutboundRefusedException>(() => guard.CheckAddress(uri));
        }
    }

    [Theory]
    [InlineData("https://2130706433/")]
    [InlineData("https://0x7f000001/")]
    [InlineData("https://0177.0.0.1/")]
    [InlineData("https://127.1/")]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://127。0。0。1/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://[::]/")]
    [InlineData("https://[::ffff:127.0.0.1]/")]
    [InlineData("https://[::ffff:a9fe:a9fe]/")]
    [InlineData("https://[::127.0.0.1]/")]
    [InlineData("https://[64:ff9b::7f00:1]/")]
    [InlineData("https://[2002:7f00:1::]/")]
    [InlineData("https://[2002:a9fe:a9fe::1]/")]
    [InlineData("https://[fe80::1%25eth0]/")]
    [InlineData("https://[fd00:ec2::254]/")]
    [InlineData("https://169.254.169.254/")]
    [InlineData("https://168.63.129.16/")]
    [InlineData("https://100.100.100.200/")]
    [InlineData("https://0.0.0.0/")]
    [InlineData("https://10.1.2.3/")]
    [InlineData("https://172.31.255.255/")]
    [InlineData("https://192.168.0.1/")]
    [InlineData("https://100.64.0.1/")]
    [InlineData("https://224.0.0.1/")]
    [InlineData("https://255.255.255.255/")]
    public async Task ResolveAsync_InwardAddressInAnySpelling_IsRefused(string address)
    {
        var guard = new OutboundGuard(new OutboundOptions(), new FixedResolver());
        var uri = new Uri(address);
        await Should.ThrowAsync<OutboundRefusedException>(async () =>
        {
            guard.CheckAddress(uri);
            await guard.ResolveAsync(uri.IdnHost, uri.Port, Cancel);
        });
    }

    [Fact]
    public async Task ResolveAsync_OnePublicAndOnePrivateAnswer_RefusesBoth()
    {
        var guard = new OutboundGuard(new OutboundOptions(), new FixedResolver("93.184.216.34", "10.0.0.7"));
        var refused = await Should.ThrowAsync<OutboundRefusedException>(() => guard.ResolveAsync("mixed.example", 443, Cancel));
        refused.Message.ShouldContain("10.0.0.7");
        refused.Message.ShouldContain("Sources:AllowPrivateHosts");
    }

    [Fact]
    public async Task ResolveAsync_OwnPublicAddress_IsRefused()
    {
        var resolver = new FixedResolver("93.184.216.34") { OwnAddresses = { IPAddress.Parse("93.184.216.34") } };
        await Should.ThrowAsync<OutboundRefusedException>(() =>
            new OutboundGuard(new OutboundOptions(), resolver).ResolveAsync("self.example", 443, Cancel));
    }

    [Fact]
    public async Task ResolveAsync_PrivateHostThatSettingsName_IsAllowedButNeverItsMetadata()
    {
        var options = new OutboundOptions { AllowPrivateHosts = ["ghes.corp", "meta.corp"] };
        (await new OutboundGuard(options, new FixedResolver("10.0.0.7")).ResolveAsync("GHES.corp", 443, Cancel)).Count.ShouldBe(1);
        await Should.ThrowAsync<OutboundRefusedException>(() =>
            new OutboundGuard(options, new FixedResolver("169.254.169.254")).ResolveAsync("meta.corp", 443, Cancel));
    }

    [Fact]
    public void CheckAddress_StrictList_KeepsKnownVendorsAndNamedHostsOnly()
    {
        var guard = new OutboundGuard(new OutboundOptions { AllowHosts = ["ghes.example:8443"] }, new FixedResolver());
        Should.NotThrow(() => guard.CheckAddress(new Uri("https://api.github.com/")));
        Should.NotThrow(() => guard.CheckAddress(new Uri("https://ghes.example:8443/")));
        Should.Throw<OutboundRefusedException>(() => guard.CheckAddress(new Uri("https://other.example/")))
            .Message.ShouldContain("Sources:AllowHosts");
        Should.Throw<OutboundRefusedException>(() => guard.CheckAddress(new Uri("https://ghes.example:9999/")));
    }

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("140.82.121.6")]
    [InlineData("172.32.0.1")]
    [InlineData("2606:4700::1111")]
    [InlineData("64:ff9b::808:808")]
    [InlineData("::ffff:8.8.8.8")]
    public async Task ResolveAsync_PublicAddress_IsAllowed(string address) =>
        (await new OutboundGuard(new OutboundOptions(), new FixedResolver(address)).ResolveAsync("public.example", 443, Cancel))
            .ShouldBe([IPAddress.Parse(address)]);

    [Fact]
    public async Task ResolveAsync_UnknownName_SaysSo()
    {
        var guard = new OutboundGuard(new OutboundOptions(), new FixedResolver { Fails = true });
        (await Should.ThrowAsync<OutboundRefusedException>(() => guard.ResolveAsync("nowhere.example", 443, Cancel)))
            .Message.ShouldContain("could not be resolved");
    }

    private sealed class FixedResolver(params string[] addresses) : IHostResolver
    {
        public HashSet<IPAddress> OwnAddresses { get; } = [];

        public bool Fails { get; init; }

        public Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) =>
            Fails
                ? throw new SocketException((int)SocketError.HostNotFound)
                : Task.FromResult<IReadOnlyList<IPAddress>>(
                    IPAddress.TryParse(host, out var literal) ? [literal] : [.. addresses.Select(IPAddress.Parse)]);

        public IReadOnlySet<IPAddress> Own() => OwnAddresses;
    }
}
