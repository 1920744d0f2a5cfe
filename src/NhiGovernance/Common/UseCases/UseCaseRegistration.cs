using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace NhiGovernance.Common.UseCases;

public static class UseCaseRegistration
{
    /// <summary>Registers the doors and every use case of the assembly, scoped.</summary>
    public static IServiceCollection AddUseCases(this IServiceCollection services, Assembly assembly)
    {
        services.AddScoped<ActorOverride>();
        services.AddScoped<CommandDoor>();
        services.AddScoped<QueryDoor>();
        foreach (var type in assembly.GetTypes().Where(t => t is { IsAbstract: false, IsClass: true } && typeof(IUseCase).IsAssignableFrom(t)))
        {
            services.AddScoped(type);
        }

        return services;
    }
}
