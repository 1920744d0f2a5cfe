using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Access;
using NhiGovernance.Common.Sealing;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Web.Access;

/// <summary>
/// The data-protection key ring in the database, for every web node, sealed as a whole. A key that cannot be opened is left out
/// with a named error: people sign in again, and the product stays up. The interface of the framework is synchronous.
/// </summary>
internal sealed partial class SealedKeyRepository(
    IDbContextFactory<GovernanceDb> contexts, ISealer sealer, IAuditTrail trail, TimeProvider clock, ILogger<SealedKeyRepository> log) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var db = contexts.CreateDbContext();
        var elements = new List<XElement>();
        foreach (var key in db.Set<DataProtectionKey>().AsNoTracking().OrderBy(k => k.Id))
        {
            try
            {
                var xml = sealer.OpenAsync(key.Sealed, key.Place, CancellationToken.None).AsTask().GetAwaiter().GetResult();
                elements.Add(XElement.Parse(Encoding.UTF8.GetString(xml)));
            }
            catch (Exception error) when (error is KeyUnusableException or SealBrokenException)
            {
                CannotOpen(log, key.Name, error);
            }
        }

        return elements;
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var db = contexts.CreateDbContext();
        var place = new SealedPlace(Ids.New(clock), "xml");
        var xml = Encoding.UTF8.GetBytes(element.ToString(SaveOptions.DisableFormatting));
        var key = new DataProtectionKey
        {
            Id = place.RecordId,
            Name = friendlyName,
            Sealed = sealer.SealAsync(xml, place, CancellationToken.None).AsTask().GetAwaiter().GetResult(),
            CreatedAt = clock.GetUtcNow(),
        };
        using var transaction = db.Database.BeginTransaction();
        db.Add(key);
        db.SaveChanges();
        trail.AppendAsync(
            db, Actor.System("keys"), $"key:{key.Id}", [new AuditRecord("keys.make", "key", key.Id.ToString(), null, new { friendlyName }, "a key of session cookies")],
            CancellationToken.None).GetAwaiter().GetResult();
        transaction.Commit();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The cookie key {Name} cannot be opened; sessions under it have ended.")]
    private static partial void CannotOpen(ILogger log, string name, Exception error);
}
