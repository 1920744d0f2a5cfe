namespace NhiGovernance.Web.Hosting.Postgres;

/// <summary>The server's settings: modest, for a machine that it shares with the application.</summary>
internal static class PostgresServerSettings
{
    public static IEnumerable<string> Arguments(PostgresFolder folder, PostgresEndpoint endpoint, PostgresOptions options)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["listen_addresses"] = endpoint.IsSocket ? string.Empty : "127.0.0.1",
            ["port"] = endpoint.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["unix_socket_directories"] = endpoint.IsSocket ? folder.Socket : string.Empty,
            ["unix_socket_permissions"] = "0700",
            ["max_connections"] = "100",
            ["shared_buffers"] = "256MB",
            ["work_mem"] = "16MB",
            ["maintenance_work_mem"] = "128MB",
            ["effective_cache_size"] = "1GB",
            ["max_wal_size"] = "2GB",
            ["random_page_cost"] = "1.1",
            ["jit"] = "off",
            ["timezone"] = "UTC",
            ["log_timezone"] = "UTC",
            ["logging_collector"] = "on",
            ["log_directory"] = folder.Logs,
            ["log_filename"] = "postgres-%a.log",
            ["log_truncate_on_rotation"] = "on",
            ["log_rotation_age"] = "1d",

            // Statements and row values may hold what must not be in a log.
            ["log_min_error_statement"] = "panic",
            ["log_error_verbosity"] = "terse",
        };
        if (!options.Durable)
        {
            settings["fsync"] = settings["synchronous_commit"] = settings["full_page_writes"] = "off";
            settings["logging_collector"] = "off";
        }

        foreach (var (name, value) in options.Settings ?? new Dictionary<string, string>())
        {
            settings[name] = value;
        }

        return settings.SelectMany(s => new[] { "-c", $"{s.Key}={s.Value}" });
    }
}
