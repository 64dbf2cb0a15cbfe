using IronPython.Runtime;
using IronPython.Runtime.Types;
using SslModule.Engine.Certificates;

namespace SslModule.IronPython;

/// <content>The system stores of Windows; elsewhere the module has no such functions, as CPython's has none.</content>
public static partial class PythonSsl
{
    [PythonHidden(PlatformsAttribute.PlatformFamily.Unix)]
    [Documentation("enum_certificates(store_name): the certificates of a Windows store, as (bytes, encoding, set of usages or True).")]
    public static PythonList enum_certificates(CodeContext context, object? store_name)
    {
        string store = Values.TextArgument(store_name, "enum_certificates() argument 'store_name'");
        return Guard.Library(context, () => Values.List(Stores().Certificates(store), certificate => Values.Tuple(
            Values.Bytes(certificate.Encoded),
            EncodingOf(certificate.EncodingType),
            certificate.Usages is null ? true : FrozenSetCollection.__new__(context, DynamicHelpers.GetPythonTypeFromType(typeof(FrozenSetCollection)), Values.List(certificate.Usages, usage => usage)))));
    }

    [PythonHidden(PlatformsAttribute.PlatformFamily.Unix)]
    [Documentation("enum_crls(store_name): the CRLs of a Windows store, as (bytes, encoding).")]
    public static PythonList enum_crls(CodeContext context, object? store_name)
    {
        string store = Values.TextArgument(store_name, "enum_crls() argument 'store_name'");
        return Guard.Library(context, () => Values.List(Stores().RevocationLists(store), list => Values.Tuple(Values.Bytes(list.Encoded), EncodingOf(list.EncodingType))));
    }

    private static WindowsStores Stores() => OperatingSystem.IsWindows()
        ? WindowsStores.System
        : throw new PlatformNotSupportedException();

    private static object EncodingOf(int type) => WindowsStores.EncodingName(type) ?? (object)type;
}
