using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using NhiGovernance.Tests.Fixtures;
using NhiGovernance.Web.Hosting.Database;
using Npgsql;
using YamlDotNet.Serialization;

namespace NhiGovernance.Tests.Hosting;

/// <summary>compose.yaml, read as a container engine reads it, against the Dockerfile and the product's own settings. No engine is at hand to start it.</summary>
public sealed partial class ComposeTests
{
    private static readonly Dictionary<string, object> Compose = Read();
    private static readonly string Dockerfile = File.ReadAllText(Path.Combine(Repository.Root, "Dockerfile"));
    private static readonly string Image = Dockerfile[Dockerfile.LastIndexOf("\nFROM ", StringComparison.Ordinal)..];

    [Fact]
    public void Application_IsBuiltFromTheLastStage_WhichTakesItsProgramFromTheFirst()
    {
        Services().Keys.ShouldBe(["database", "application"], ignoreOrder: true);
        Service("application")["build"].ShouldBe(".");
        var stages = Stage().Matches(Dockerfile);
        stages.Count.ShouldBe(2);
        Image.ShouldContain($"COPY --from={stages[0].Groups[1].Value} /app /app");
        Image.ShouldContain("ENTRYPOINT [\"/app/NhiGovernance.Web\"]");
    }

    [Fact]
    public void Application_MayDoNoMoreThanItNeeds()
    {
        var application = Service("application");
        Image.ShouldContain("\nUSER 10001\n");
        application.ShouldNotContainKey("user");
        application.ShouldNotContainKey("privileged");
        application["read_only"].ShouldBe("true");
        List(application["cap_drop"]).ShouldBe(["ALL"]);
        List(application["security_opt"]).ShouldContain("no-new-privileges:true");
        List(application["tmpfs"]).ShouldBe(["/tmp"]);

        // Reached from this machine only, at the port at which the image serves; the database from nowhere outside.
        List(application["ports"]).ShouldBe(["127.0.0.1:8080:8080"]);
        Image.ShouldContain("EXPOSE 8080");
        Image.ShouldContain("Urls=http://0.0.0.0:8080");
        Service("database").ShouldNotContainKey("ports");
    }

    [Fact]
    public void Services_SayWhenTheyAreWell_AndTheApplicationWaits()
    {
        var check = (Dictionary<object, object>)Service("database")["healthcheck"];
        List(check["test"]).ShouldBe(["CMD", "pg_isready", "--username", Environment("database")["POSTGRES_USER"], "--dbname", Environment("database")["POSTGRES_DB"]]);
        int.Parse((string)check["retries"], System.Globalization.CultureInfo.InvariantCulture).ShouldBeGreaterThan(1);
        Image.ShouldContain("HEALTHCHECK ");
        Image.ShouldContain("GET /readyz ");
        ((Dictionary<object, object>)((Dictionary<object, object>)Service("application")["depends_on"])["database"])["condition"].ShouldBe("service_healthy");
        Services().Keys.ShouldAllBe(s => (string)Service(s)["restart"] == "unless-stopped");
    }

    [Fact]
    public void Volumes_KeepTheStateOfBoth()
    {
        var named = ((Dictionary<object, object>)Compose["volumes"]).Keys.Cast<string>().ToList();
        var mounted = Services().Keys.SelectMany(s => List(Service(s)["volumes"])).Select(v => v.Split(':')).ToList();
        mounted.Select(m => m[0]).ShouldBe(named, ignoreOrder: true);
        var places = mounted.Select(m => m[1]).ToList();
        places.ShouldContain("/var/lib/postgresql", "where images of PostgreSQL 18 keep their data");
        places.ShouldContain("/data");
        Image.ShouldContain("\nVOLUME /data\n");
        Image.ShouldContain("Data=/data");
    }

    [Fact]
    public void Passwords_ComeFromOutside_AndAreDemanded()
    {
        var variables = Services().Keys.SelectMany(s => Environment(s).Values).SelectMany(v => Variable().Matches(v)).ToList();
        var names = variables.Select(v => v.Groups[1].Value).Distinct().ToList();
        names.ShouldBe(["NHI_OWNER_PASSWORD", "NHI_APP_PASSWORD"], ignoreOrder: true);
        foreach (var name in names)
        {
            variables.Where(v => v.Groups[1].Value == name).ShouldContain(v => v.Groups[2].Value.StartsWith(":?", StringComparison.Ordinal), $"{name} has to be given");
        }

        variables.ShouldAllBe(v => v.Groups[2].Value.Length == 0 || v.Groups[2].Value.StartsWith(":?", StringComparison.Ordinal), "none has a default");
        var bare = Services().Keys.SelectMany(s => Environment(s).Select(e => (e.Key, Value: Variable().Replace(e.Value, string.Empty)))).ToList();
        bare.ShouldAllBe(e => !e.Key.Contains("PASSWORD", StringComparison.Ordinal) || e.Value.Length == 0);
        bare.ShouldAllBe(e => !Password().IsMatch(e.Value));
    }

    [Fact]
    public void Settings_ThatAreNamed_ExistAndGiveADatabaseWithTwoRoles()
    {
        var known = Setting().Matches(File.ReadAllText(Path.Combine(Repository.Root, "README.md"))).Select(m => m.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        known.Count.ShouldBeGreaterThan(20);
        var given = Environment("application").ToDictionary(
            e => e.Key.Replace("__", ":", StringComparison.Ordinal),
            e => (string?)Variable().Replace(e.Value, v => v.Groups[1].Value == "NHI_APP_PASSWORD" ? "app-word" : "owner-word"));
        given.Keys.ShouldAllBe(k => known.Contains(k));
        ((string[])["Data", "Urls"]).ShouldAllBe(k => known.Contains(k));

        var connection = DatabaseSettings.FromSettings(new ConfigurationBuilder().AddInMemoryCollection(given).Build()).ShouldNotBeNull();

        (connection.ServingRole, connection.ServingPassword).ShouldBe(("nhi_app", "app-word"));
        var owner = new NpgsqlConnectionStringBuilder(connection.Owner);
        var database = Environment("database");
        (owner.Host, owner.Database, owner.Username, owner.Password).ShouldBe(("database", database["POSTGRES_DB"], database["POSTGRES_USER"], "owner-word"));
        var serving = new NpgsqlConnectionStringBuilder(connection.Serving);
        (serving.Host, serving.Database).ShouldBe(("database", owner.Database));
        serving.Username.ShouldNotBe(owner.Username, "two logins guard the audit log; whether they do is asked of the database at the start");
        Major().Match((string)Service("database")["image"]).Groups[1].Value.ShouldBe("18");
    }

    private static Dictionary<string, object> Read() => new DeserializerBuilder().Build()
        .Deserialize<Dictionary<string, object>>(File.ReadAllText(Path.Combine(Repository.Root, "compose.yaml")));

    private static Dictionary<string, object> Services() =>
        ((Dictionary<object, object>)Compose["services"]).ToDictionary(s => (string)s.Key, s => s.Value);

    private static Dictionary<string, object> Service(string name) =>
        ((Dictionary<object, object>)Services()[name]).ToDictionary(s => (string)s.Key, s => s.Value);

    private static Dictionary<string, string> Environment(string service) =>
        ((Dictionary<object, object>)Service(service)["environment"]).ToDictionary(s => (string)s.Key, s => (string)s.Value);

    private static List<string> List(object value) => [.. ((List<object>)value).Cast<string>()];

    [GeneratedRegex(@"^FROM \S+(?: AS (\w+))?$", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Stage();

    [GeneratedRegex(@"\$\{(\w+)([^}]*)\}", RegexOptions.NonBacktracking)]
    private static partial Regex Variable();

    [GeneratedRegex(@"Password=[^;]", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex Password();

    [GeneratedRegex(@"`([A-Z]\w*(?::\w+)?)`", RegexOptions.NonBacktracking)]
    private static partial Regex Setting();

    [GeneratedRegex("^postgres:([0-9]+)", RegexOptions.NonBacktracking)]
    private static partial Regex Major();
}
