namespace NhiGovernance.Web.Hosting.Database;

/// <summary>
/// What a part of the host must make in the database as its owner, after the migrations and before the serving role is granted
/// its rights. Found by scanning; made by its parameterless constructor. Safe to run again, and on several machines at once.
/// </summary>
public interface IOwnerStep
{
    Task RunAsync(DatabaseConnection database, CancellationToken cancellationToken);
}
