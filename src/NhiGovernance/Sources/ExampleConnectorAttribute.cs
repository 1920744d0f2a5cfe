namespace NhiGovernance.Sources;

/// <summary>Marks a connector that is there to be copied: the catalogue does not list it, the shared contract test runs it.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ExampleConnectorAttribute : Attribute;
