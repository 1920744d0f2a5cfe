using NhiGovernance.Common;

namespace NhiGovernance.Catalogue;

internal static class CatalogueErrors
{
    public static readonly Error Stale = new Error.Conflict("Somebody changed this meanwhile. Load it again and repeat your change.");
}
