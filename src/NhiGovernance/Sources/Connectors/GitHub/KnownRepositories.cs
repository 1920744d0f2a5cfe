using System.Text.Json;
using System.Text.Json.Serialization;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub;

/// <summary>
/// The repositories that the last whole list of an owner named, and who read it. GitHub lists what a sign-in may see, and answers
/// 200: without the scope "repo" all private repositories are just not there. So what is lacking after the sign-in changed may only
/// be hidden from the new one, and such a list does not count as read.
/// </summary>
/// <param name="SignIn"><see cref="GitHubSession.SignedInAsAsync"/>.</param>
/// <param name="Names">By id.</param>
internal sealed record KnownRepositories(string SignIn, SortedDictionary<long, string> Names)
{
    private const int Named = 5;

    /// <summary>Also after a change of settings: the way of signing in is one.</summary>
    private static string Key(OwnerPlace owner) => $"{IReadMemory.Lasting}github/repositories/{owner.Id}";

    /// <summary>The end of a list that was read to its end, and what to remember of it; null: nothing new.</summary>
    public static async Task<(ScopeEnded End, Item.Memory? Memory)> JudgeAsync(
        GitHubSession session, OwnerPlace owner, Scope scope, IReadOnlyList<RepositoryPlace> found, CancellationToken cancellationToken)
    {
        var raw = await session.Context.Memory.GetAsync(Key(owner), cancellationToken);
        var now = new KnownRepositories(await session.SignedInAsAsync(cancellationToken), new(found.ToDictionary(r => r.Id, r => r.FullName)));
        if (Read(raw) is { } before && before.SignIn != now.SignIn)
        {
            // Left out by the settings: a person says that they do not matter, or are gone.
            var lacking = before.Names.Where(n => !now.Names.ContainsKey(n.Key) && session.Settings.Reads(n.Value)).Select(n => n.Value).ToList();
            if (lacking.Count > 0)
            {
                return (Narrower(session, scope, lacking), null);
            }
        }

        var text = JsonSerializer.Serialize(now, KnownRepositoriesJson.Default.KnownRepositories);
        var isKept = text == raw && await session.Context.Memory.IsCurrentAsync(Key(owner), cancellationToken);
        return (ScopeEnded.Complete(scope), isKept ? null : new Item.Memory(Key(owner), text, [scope]));
    }

    private static ScopeEnded Narrower(GitHubSession session, Scope scope, List<string> lacking)
    {
        var permission = session.SignIn.IsApp ? "Repository access of the App's installation: all repositories"
            : session.Http.Facts.Scopes is { } scopes && !scopes.Contains("repo", StringComparer.Ordinal) ? "scope repo"
            : "Repository access: all repositories";
        var names = string.Join(", ", lacking.Take(Named)) + (lacking.Count > Named ? ", …" : "");
        return ScopeEnded.Denied(scope, permission) with
        {
            Error = $"This sign-in does not list {lacking.Count} of the repositories that the one before it saw ({names}). They may only be hidden from it, so nothing is called gone. "
                + "Give it access to them; those that are really gone, name under \"Not these repositories\".",
        };
    }

    private static KnownRepositories? Read(string? raw)
    {
        try
        {
            return raw is null ? null : JsonSerializer.Deserialize(raw, KnownRepositoriesJson.Default.KnownRepositories);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSerializable(typeof(KnownRepositories))]
internal sealed partial class KnownRepositoriesJson : JsonSerializerContext;
