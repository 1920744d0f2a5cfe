using NhiGovernance.Jobs;
using NhiGovernance.Web.Hosting;
using NhiGovernance.Web.Hosting.Database;
using Quartz;

namespace NhiGovernance.Web.Jobs;

/// <summary>The schedule, in processes with the role worker, and the jobs over HTTP.</summary>
internal sealed class JobsWebSlice : IWebSlice
{
    public void AddServices(WebApplicationBuilder builder)
    {
        if (!builder.Configuration.HostRoles().HasFlag(HostRoles.Worker))
        {
            return;
        }

        var database = (DatabaseConnection)builder.Services.Last(s => s.ServiceType == typeof(DatabaseConnection)).ImplementationInstance!;
        builder.Services.AddQuartz(quartz =>
        {
            quartz.ConfigureScheduler(options => (options.InstanceName, options.GenerateInstanceId) = ("nhi", true));
            quartz.UseDefaultThreadPool(4);
            QuartzStore.Use(quartz, database, database.Serving, provision: false);
        });
        builder.Services.AddSingleton<TriggerKeeper>();
        builder.Services.AddQuartzHostedService(options => (options.WaitForJobsToComplete, options.AwaitApplicationStarted) = (true, true));
        builder.Services.AddHostedService<WorkerLoop>();
    }

    public void Map(WebApplication app)
    {
        var jobs = app.MapGroup("/api/v1/jobs").WithTags("Jobs");
        jobs.MapGet("", async (JobKind? kind, JobFilter? state, string? cursor, int? limit, ListJobs useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new ListJobsRequest(kind, state, cursor, limit ?? 50), token)).ToHttp(http));
        jobs.MapPost("/{key}/run", async (string key, RunJobNow useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new RunJobNowRequest(key), token)).ToHttp(http, _ => TypedResults.Accepted("/api/v1/jobs")));
        jobs.MapPost("/{key}/cancel", async (string key, CancelJob useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new CancelJobRequest(key), token)).ToHttp(http, _ => TypedResults.Accepted("/api/v1/jobs")));
        jobs.MapPost("/{key}/enable", async (string key, EnableJob useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new EnableJobRequest(key), token)).ToNoContent(http));
        jobs.MapPost("/{key}/disable", async (string key, DisableJob useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new DisableJobRequest(key), token)).ToNoContent(http));
    }
}
