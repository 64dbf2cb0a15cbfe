using System.Reflection;
using NUnit.Framework;
using SslModule.Engine.Connection;

namespace SslModule.Engine.Tests.Wire;

/// <summary>What a user of the engine sees is the engine's own.</summary>
public class PublicTypeTests
{
    [Test]
    public void No_public_member_shows_a_type_of_BouncyCastle()
    {
        string[] shown = [.. typeof(TlsConnection).Assembly.GetExportedTypes()
            .SelectMany(type => type.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
                .Where(IsVisible).SelectMany(TypesOf).Append(type.BaseType).Concat(type.GetInterfaces()).SelectMany(Parts)
                .Where(used => used.Namespace?.StartsWith("Org.BouncyCastle", StringComparison.Ordinal) == true)
                .Select(used => $"{type.Name}: {used}"))];
        Assert.That(shown, Is.Empty);
    }

    private static bool IsVisible(MemberInfo member) => member switch
    {
        MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
        FieldInfo field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly,
        _ => false,
    };

    private static IEnumerable<Type?> TypesOf(MemberInfo member) => member switch
    {
        MethodInfo method => method.GetParameters().Select(parameter => (Type?)parameter.ParameterType).Append(method.ReturnType),
        ConstructorInfo constructor => constructor.GetParameters().Select(parameter => parameter.ParameterType),
        FieldInfo field => [field.FieldType],
        _ => [],
    };

    private static IEnumerable<Type> Parts(Type? type)
        => type is null ? [] : type.GetGenericArguments().SelectMany(Parts).Concat(type.HasElementType ? Parts(type.GetElementType()) : [type]);
}
