using System.Data.Common;
using NhiGovernance.Common.Sealing;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Web.Hosting;

/// <summary>Before anything is served: the keys are there, or this is a new installation and gets its first one.</summary>
internal static class KeyStart
{
    /// <exception cref="KeyUnusableException">They are not; the message is for who starts the product.</exception>
    public static async Task CheckAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        try
        {
            if (await services.GetRequiredService<KeyCheck>().FindFaultAsync(cancellationToken) is { } fault)
            {
                throw fault;
            }

            await using var scope = services.CreateSystemScope("start-up");
            if (await scope.ServiceProvider.GetRequiredService<IKeyRing>().FindCurrentKeyIdAsync(cancellationToken) is null)
            {
                await scope.ServiceProvider.GetRequiredService<MakeFirstKey>().RunAsync(new MakeFirstKeyRequest(), cancellationToken);
            }
        }
        catch (DbException)
        {
            // The database is away or not migrated yet: /readyz says so, and asks for the keys again when it is there.
        }
    }
}
