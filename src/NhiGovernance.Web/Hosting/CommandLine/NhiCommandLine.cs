using System.CommandLine;
using NhiGovernance.Common.Sealing;

namespace NhiGovernance.Web.Hosting.CommandLine;

/// <summary>
/// The command line: no verb serves; a verb does one thing and ends. Exit codes: 0 done, 1 refused or failed, 2 wrong use or a
/// wrong setting.
/// </summary>
internal static class NhiCommandLine
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int WrongUse = 2;

    private static readonly Option<string?> Data = new("--data")
    {
        Description = "The folder that holds all state. Default: .data", HelpName = "DIR", Recursive = true,
    };

    private static readonly Option<string?> Urls = new("--urls")
    {
        Description = "Where to listen. Default: http://127.0.0.1:8080", HelpName = "URL", Recursive = true,
    };

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        var root = Describe();
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.UnmatchedTokens.FirstOrDefault(t => !IsSetting(t)) is { } unknown)
        {
            await errors.WriteLineAsync($"\"{unknown}\" is no verb and no setting (--Key=value). Try --help.");
            return WrongUse;
        }

        try
        {
            // While it serves, the host itself listens for Ctrl-C and SIGTERM and takes the time that it needs.
            var serves = parsed.CommandResult.Command == root;
            var code = await parsed.InvokeAsync(new InvocationConfiguration
            {
                Output = output,
                Error = errors,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = serves ? null : TimeSpan.FromMinutes(1),
            });
            return parsed.Errors.Count > 0 ? WrongUse : code;
        }
        catch (SettingException error)
        {
            await errors.WriteLineAsync(error.Message);
            return WrongUse;
        }
        catch (KeyUnusableException error)
        {
            await errors.WriteLineAsync(error.Message);
            return Failed;
        }
        catch (OperationCanceledException)
        {
            return Failed;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or System.Net.Sockets.SocketException or System.Data.Common.DbException)
        {
            // A port that is taken, a database that refuses, a folder of somebody else's: for who starts it, not for who wrote it.
            await errors.WriteLineAsync(fault.Message);
            return Failed;
        }
    }

    /// <summary>Results: what a script reads.</summary>
    public static TextWriter Output(this ParseResult parsed) => parsed.InvocationConfiguration.Output;

    /// <summary>Refusals: what a person reads.</summary>
    public static TextWriter Errors(this ParseResult parsed) => parsed.InvocationConfiguration.Error;

    /// <summary>Settings of this call, as arguments for the host: --data, --urls and every --Key=value.</summary>
    public static string[] Settings(this ParseResult parsed)
    {
        var settings = parsed.UnmatchedTokens.ToList();
        Add("Data", parsed.GetValue(Data));
        Add("Urls", parsed.GetValue(Urls));
        return [.. settings];

        void Add(string key, string? value)
        {
            if (value is not null)
            {
                settings.Add($"--{key}={value}");
            }
        }
    }

    internal static RootCommand Describe()
    {
        var root = new RootCommand("Who and what can change what we ship. Without a verb it serves. Settings: --Key=value.") { Data, Urls };
        root.HelpName = "./run.sh";
        root.SetAction(Serve.RunAsync);
        foreach (var type in typeof(IVerb).Assembly.GetTypes()
            .Where(t => t is { IsClass: true, IsAbstract: false } && typeof(IVerb).IsAssignableFrom(t)).OrderBy(t => t.Name, StringComparer.Ordinal))
        {
            root.Add(((IVerb)Activator.CreateInstance(type)!).Describe());
        }

        AllowSettings(root);
        return root;
    }

    private static void AllowSettings(Command command)
    {
        // A group of verbs without one of them is a mistake; everything else may be followed by settings.
        command.TreatUnmatchedTokensAsErrors = false;
        foreach (var inner in command.Subcommands)
        {
            AllowSettings(inner);
        }
    }

    private static bool IsSetting(string token) =>
        token.StartsWith("--", StringComparison.Ordinal) && token.IndexOf('=', StringComparison.Ordinal) > 2;
}
