using Mono.Cecil;
using Mono.Cecil.Cil;

namespace NhiGovernance.Tests.Architecture;

/// <summary>Which types a type names, in its shape, its members, its attributes and the code of its methods: read from what was compiled, however the source spells it.</summary>
internal static class TypeReferences
{
    /// <summary>"From" and "To" are full names of types; nested and generated ones count as the type around them.</summary>
    public static IEnumerable<(string From, string To)> Of(string assembly)
    {
        using var module = ModuleDefinition.ReadModule(assembly);
        var found = new HashSet<(string, string)>();
        foreach (var type in module.GetTypes())
        {
            foreach (var to in Named(type).SelectMany(Parts))
            {
                found.Add((Outer(type).FullName, Outer(to).FullName));
            }
        }

        return found;
    }

    private static IEnumerable<TypeReference?> Named(TypeDefinition type) =>
    [
        type.BaseType,
        .. type.Interfaces.Select(i => i.InterfaceType),
        .. Attributes(type),
        .. Constraints(type),
        .. type.Fields.SelectMany(f => Attributes(f).Append(f.FieldType)),
        .. type.Properties.SelectMany(p => Attributes(p).Append(p.PropertyType)),
        .. type.Events.Select(e => e.EventType),
        .. type.Methods.SelectMany(Named),
    ];

    private static IEnumerable<TypeReference?> Named(MethodDefinition method) =>
    [
        .. Signature(method),
        .. Attributes(method),
        .. method.Parameters.SelectMany(Attributes),
        .. Constraints(method),
        .. method.HasBody ? method.Body.Variables.Select(v => v.VariableType) : [],
        .. method.HasBody ? method.Body.ExceptionHandlers.Select(h => h.CatchType) : [],
        .. method.HasBody ? method.Body.Instructions.SelectMany(Named) : [],
    ];

    private static IEnumerable<TypeReference?> Named(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => [type],
        FieldReference field => [field.DeclaringType, field.FieldType],
        MethodReference method => Signature(method),
        _ => [],
    };

    private static IEnumerable<TypeReference?> Signature(MethodReference method) =>
    [
        method.DeclaringType,
        method.ReturnType,
        .. method.Parameters.Select(p => p.ParameterType),
        .. method is GenericInstanceMethod made ? made.GenericArguments : [],
    ];

    private static IEnumerable<TypeReference?> Attributes(ICustomAttributeProvider of) => of.CustomAttributes.SelectMany(a =>
        a.ConstructorArguments.Select(v => v.Value as TypeReference).Append(a.AttributeType));

    private static IEnumerable<TypeReference?> Constraints(IGenericParameterProvider of) =>
        of.GenericParameters.SelectMany(p => p.Constraints).Select(c => c.ConstraintType);

    /// <summary>A list of pages of rows names the list, the page and the row.</summary>
    private static IEnumerable<TypeReference> Parts(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType made => [.. Parts(made.ElementType), .. made.GenericArguments.SelectMany(Parts)],
        TypeSpecification wrapped => Parts(wrapped.ElementType),
        _ => [type],
    };

    private static TypeReference Outer(TypeReference type)
    {
        while (type.DeclaringType is { } outer)
        {
            type = outer;
        }

        return type;
    }
}
