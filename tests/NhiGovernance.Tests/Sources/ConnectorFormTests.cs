using AngleSharp.Dom;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using NhiGovernance.Common;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Manage;
using NhiGovernance.Web.Shell;
using NhiGovernance.Web.Shell.Parts;
using NhiGovernance.Web.Sources;

namespace NhiGovernance.Tests.Sources;

public sealed class ConnectorFormTests : BunitContext
{
    private static readonly ConnectorDescriptor Descriptor = new(
        "test", "Test", "Reads nothing.",
        [
            new("address", "Address", SettingKind.Url, "Where it is.") { Required = true },
            new("auth", "Sign in with", SettingKind.Choice, "How.") { Default = "token", Choices = [new("token", "Token"), new("app", "App")] },
            new("token", "Token", SettingKind.Secret, "A token.") { Required = true, OnlyWhen = ("auth", "token") },
            new("appId", "App id", SettingKind.Number, "Its number.") { OnlyWhen = ("auth", "app") },
            new("privateKey", "Private key", SettingKind.Secret, "In PEM.") { OnlyWhen = ("auth", "app") },
            new("members", "Read members", SettingKind.Toggle, "People too.") { Default = "true" },
        ],
        [], TimeSpan.FromHours(1));

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _secrets = new(StringComparer.Ordinal);

    public ConnectorFormTests()
    {
        Services.AddSingleton(TimeProvider.System);
        Services.AddScoped<ViewerTime>();
    }

    [Fact]
    public void Render_ChoiceAtItsDefault_ShowsOnlyWhatApplies()
    {
        var form = Draw();

        Labels(form).ShouldBe(["Address", "Sign in with", "Token"]);
        form.Find("textarea.secret").HasAttribute("value").ShouldBeFalse();
        form.Find("input[type=checkbox]").HasAttribute("checked").ShouldBeTrue();
    }

    [Fact]
    public void Choose_Other_ShowsItsFieldsInstead()
    {
        var form = Draw();

        form.Find("select").Change("app");
        form.Render();

        Labels(form).ShouldBe(["Address", "Sign in with", "App id", "Private key"]);
        _values["auth"].ShouldBe("app");
        form.Find("textarea.secret").GetAttribute("rows").ShouldBe("4");
    }

    [Fact]
    public void Type_Secret_GoesToTheSecretsAndNotToTheSettings()
    {
        var form = Draw();

        form.Find("textarea.secret").Change("s3cret");

        _secrets.ShouldContainKeyAndValue("token", "s3cret");
        _values.ShouldNotContainKey("token");
    }

    [Fact]
    public void Render_SecretIsSet_ShowsWhenAndNoField()
    {
        var form = Draw(known: [new SecretRow("token", "Token", true, new DateTimeOffset(2026, 11, 3, 0, 0, 0, TimeSpan.Zero), "k1")]);

        form.FindAll("textarea.secret").ShouldBeEmpty();
        form.Markup.ShouldContain("3 Nov");

        form.Find("button[aria-label='Replace Token']").Click();

        form.FindAll("textarea.secret").Count.ShouldBe(1);
    }

    [Fact]
    public void Render_Faults_StandAtTheirFields()
    {
        var faults = new FormFaults();
        faults.Take(new Error.Invalid([new("address", "No address."), new("elsewhere", "Something else.")]), "address", "token");

        var form = Draw(faults);

        var bad = form.FindAll(".formfield.bad").ShouldHaveSingleItem();
        bad.QuerySelector("label")!.TextContent.ShouldStartWith("Address");
        bad.QuerySelector("input")!.GetAttribute("aria-invalid").ShouldBe("true");
        bad.QuerySelector(".fault")!.TextContent.ShouldBe("No address.");
        faults.Rest.ShouldBe("Something else.");
    }

    [Fact]
    public void Untick_Toggle_SaysFalse()
    {
        var form = Draw();

        form.Find("input[type=checkbox]").Change(false);

        _values["members"].ShouldBe("false");
    }

    private IRenderedComponent<ConnectorForm> Draw(FormFaults? faults = null, IReadOnlyList<SecretRow>? known = null) => Render<ConnectorForm>(p => p
        .Add(c => c.Descriptor, Descriptor).Add(c => c.Values, _values).Add(c => c.Secrets, _secrets)
        .Add(c => c.Faults, faults ?? new FormFaults()).Add(c => c.Known, known ?? []));

    private static List<string> Labels(IRenderedComponent<ConnectorForm> form) =>
        [.. form.FindAll(".formfield > label").Select(l => l.ChildNodes[0].TextContent.Trim())];
}
