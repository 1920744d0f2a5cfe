using System.Runtime.CompilerServices;
using NhiGovernance.Common;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.Own;

/// <summary>
/// The product's own credentials: what its connectors sign in with, the API tokens it gave out, the keys it seals with. They are
/// rows of the inventory under the same rules as everybody's. Its source is made at the first start.
/// </summary>
public sealed class OwnConnector(IEnumerable<IOwnCredentials> kinds) : IConnector
{
    public const string Key = "own";
    private const int PageSize = 500;
    private static readonly PlaceReference Place = new("system", "nhi-governance");

    private readonly IReadOnlyList<IOwnCredentials> _kinds = [.. kinds.OrderBy(k => k.Kind, StringComparer.Ordinal)];

    public ConnectorDescriptor Descriptor { get; } = new(
        Key, "This product", "The credentials that this product itself holds and hands out.", [], [], TimeSpan.FromMinutes(15))
    {
        AddedByPeople = false,
        Icon = "i-shield",
    };

    public IReadOnlyList<FieldFault> Validate(SourceSettings settings) => [];

    public async IAsyncEnumerable<TestStep> TestAsync(ConnectorContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var kind in _kinds)
        {
            var count = 0;
            await foreach (var _ in kind.ListAsync(cancellationToken))
            {
                count++;
            }

            yield return new TestStep(kind.Kind, TestOutcome.Pass, $"{count} found.");
        }
    }

    public async IAsyncEnumerable<ReadEvent> ReadAsync(ConnectorContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var kind in _kinds)
        {
            var scope = new Scope(kind.Kind, Place.Path);
            context.Progress(kind.Kind);
            yield return new ScopeStarted(scope, Parent: null);
            var page = new List<Observation>();
            await foreach (var credential in kind.ListAsync(cancellationToken))
            {
                page.AddRange(Observe(kind.Kind, credential));
                if (page.Count >= PageSize)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    yield return new ScopePage(scope, page);
                    page = [];
                }
            }

            if (page.Count > 0)
            {
                yield return new ScopePage(scope, page);
            }

            yield return ScopeEnded.Complete(scope);
        }
    }

    private static IEnumerable<Observation> Observe(string kind, OwnCredential own)
    {
        var key = $"{kind}:{own.Key}";
        yield return new IdentityObservation(key, IdentityKind.Own, own.Name, Place)
        {
            Disabled = own.Disabled,
            CreatedAt = own.CreatedAt,
            LastUsedAt = own.LastUsedAt,
            ExpiresAt = own.ExpiresAt,
            JoinKeys = own.JoinKeys,
            Grants = own.Grants,
            Facts = own.Facts,
        };
        yield return new CredentialObservation(key, key, own.Kind, own.Name)
        {
            KeyIds = own.KeyIds,
            Disabled = own.Disabled,
            CreatedAt = own.CreatedAt,
            LastUsedAt = own.LastUsedAt,
            ExpiresAt = own.ExpiresAt,
        };
    }
}
