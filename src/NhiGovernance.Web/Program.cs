using NhiGovernance.Web.Hosting;

try
{
    await using var application = await NhiApplication.StartAsync(args);
    await application.WaitForShutdownAsync();
    return 0;
}
catch (SettingException error)
{
    await Console.Error.WriteLineAsync(error.Message);
    return 2;
}
