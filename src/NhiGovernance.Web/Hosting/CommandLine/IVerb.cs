using System.CommandLine;

namespace NhiGovernance.Web.Hosting.CommandLine;

/// <summary>One verb of the command line. Every implementation is found by scanning; it has a file of its own.</summary>
internal interface IVerb
{
    /// <summary>Name, words of help, options and what it does.</summary>
    Command Describe();
}
