using Microsoft.AspNetCore.Components;
using NhiGovernance.Access;
using NhiGovernance.Catalogue;
using NhiGovernance.Catalogue.Teams;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Web.Shell;

namespace NhiGovernance.Web.Access;

public sealed partial class TokensPage
{
    private readonly SortedSet<string> _scopes = new(StringComparer.Ordinal);
    private IReadOnlyList<TeamRow> _teams = [];
    private ApiTokenRow? _revoking;
    private string _name = "";
    private int _days = CreateApiToken.DefaultDays;
    private string _team = "";
    private string? _token;
    private DateTimeOffset _tokenEnds;
    private bool _creating;

    [Inject] private ListApiTokens List { get; set; } = default!;

    [Inject] private CreateApiToken Create { get; set; } = default!;

    [Inject] private RevokeApiToken Revoke { get; set; } = default!;

    [Inject] private ListTeams Teams { get; set; } = default!;

    /// <summary>"1": revoked and expired ones too.</summary>
    [SupplyParameterFromQuery(Name = "ended")] public string? Ended { get; set; }

    protected override string Noun => "tokens";

    private bool May => Viewer.May(Permission.ManageTokens);

    /// <summary>The use case refuses what its maker may not do; here it is not offered.</summary>
    private IEnumerable<string> Offered => TokenScopes.Known.Where(scope =>
        TokenScopes.MayGive(Viewer.Roles, scope) && (_team.Length == 0 || TokenScopes.IsByTeam(scope)));

    protected override Task<Result<Page<ApiTokenRow>>> ReadAsync(CancellationToken cancellationToken) =>
        List.RunAsync(new ListApiTokensRequest(Ended == "1", Cursor, Size), cancellationToken);

    private void ToggleEnded(ChangeEventArgs change) =>
        Navigation.Push(("ended", Equals(change.Value, true) ? "1" : null), ("cursor", null), ("from", null));

    private async Task Start()
    {
        (_name, _days, _team, _creating) = ("", CreateApiToken.DefaultDays, "", true);
        _scopes.Clear();
        var teams = await Teams.RunAsync(new CatalogueList(Limit: 200), Life);
        _teams = teams.IsOk ? teams.Value.Items : [];
    }

    private void Pick(string scope, ChangeEventArgs change)
    {
        if (Equals(change.Value, true))
        {
            _scopes.Add(scope);
        }
        else
        {
            _scopes.Remove(scope);
        }
    }

    private async Task<Error?> CreateAsync(string reason)
    {
        Guid? team = Guid.TryParse(_team, out var id) ? id : null;
        var created = await Create.RunAsync(new CreateApiTokenRequest(_name, [.. _scopes.Intersect(Offered)], _days, team), Life);
        if (created.IsOk)
        {
            (_token, _tokenEnds) = (created.Value.Text, created.Value.ExpiresAt);
            await ReloadAsync();
        }

        return created.Error;
    }

    private async Task<Error?> RevokeAsync(string reason)
    {
        var revoked = await Revoke.RunAsync(new RevokeApiTokenRequest(_revoking!.Id.ToString()), Life);
        await ReloadAsync();
        return revoked.Error;
    }
}
