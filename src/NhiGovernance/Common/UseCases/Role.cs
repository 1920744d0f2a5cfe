namespace NhiGovernance.Common.UseCases;

/// <summary>What a person is here. A person may hold several.</summary>
[Flags]
public enum Role
{
    None = 0,

    /// <summary>Sees program health and shares it.</summary>
    Executive = 1,

    /// <summary>Sees their teams' identities; rotates, attests, asks for exceptions.</summary>
    Owner = 2,

    /// <summary>Security: decides exceptions and releases quarantine, never their own.</summary>
    Approver = 4,

    /// <summary>Platform: sources, tokens, policies, clusters.</summary>
    Engineer = 8,

    /// <summary>Sees everything, changes nothing, exports.</summary>
    Auditor = 16,

    /// <summary>People, roles, settings.</summary>
    Admin = 32,

    /// <summary>Every role; for permissions that any signed-in person has.</summary>
    Anyone = Executive | Owner | Approver | Engineer | Auditor | Admin,
}
