namespace NhiGovernance.Web.Hosting.Database;

/// <summary>Says, in whatever form the product is started, that the serving login could change the audit log: in the log and at <c>/readyz</c>.</summary>
internal static partial class AuditGuard
{
    public static void SayIfSoft(IServiceProvider services)
    {
        if (services.GetRequiredService<DatabaseConnection>().AuditGuardIsSoft is { } soft)
        {
            Soft(services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(AuditGuard)), soft);
        }
    }

    /// <summary>For whoever may ask without signing in: that it is so, not how to use it.</summary>
    public static string LineIfSoft(DatabaseConnection database)
    {
        // Read once: the answer may come while this is said.
        var soft = database.AuditGuardIsSoft;
        if (soft == ServingRights.Unknown)
        {
            // It was away, or not migrated yet, when this process started, and it is ready now. Who asks next gets the answer.
            _ = database.AskAuditGuardAsync(CancellationToken.None);
        }

        return soft is null ? string.Empty : "warning: the audit log is guarded softly; the log and Settings say why and what to do\n";
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The audit log is guarded softly. {Why}")]
    private static partial void Soft(ILogger log, string why);
}
