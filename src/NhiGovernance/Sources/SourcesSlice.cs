using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NhiGovernance.Common;
using NhiGovernance.Sources.Connectors.Own;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Documents;
using NhiGovernance.Sources.Manage;
using NhiGovernance.Sources.Outbound;
using NhiGovernance.Sources.Runs;
using NhiGovernance.Sources.Webhooks;

namespace NhiGovernance.Sources;

internal sealed class SourcesSlice : ISlice
{
    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(OutboundOptions.From(configuration));
        services.TryAddSingleton<IHostResolver, SystemResolver>();
        services.AddSingleton<IOutboundGuard, OutboundGuard>();
        services.AddSingleton<IGuardedHttp, GuardedHttp>();
        services.AddSingleton(provider => new ConnectorCatalogue(provider));
        services.AddSingleton(new PollOptions
        {
            DataFolder = configuration["data"],
            Parallel = int.TryParse(configuration["Sources:Parallel"], CultureInfo.InvariantCulture, out var parallel) ? Math.Clamp(parallel, 1, 32) : 4,
        });
        services.AddSingleton<PollQueue>();
        services.AddSingleton<DocumentCipher>();
        services.AddSingleton<DocumentStore>();
        services.AddSingleton<SourceSecretStore>();
        services.AddSingleton<IOwnCredentials, SourceCredentials>();
        services.AddSingleton<IOwnCredentials, EncryptionKeys>();
        services.AddSingleton<PollSource>();
        services.AddSingleton<PollWorker>();
        services.AddSingleton<WebhookIntake>();
    }
}
