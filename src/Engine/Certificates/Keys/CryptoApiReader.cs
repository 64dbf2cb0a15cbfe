using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Certificates;

/// <summary>Reads the system stores of Windows.</summary>
[SupportedOSPlatform("windows")]
internal sealed unsafe class CryptoApiReader : IStoreReader
{
    // CERT_STORE_PROV_SYSTEM_W and CERT_STORE_PROV_COLLECTION.
    private const int SystemProvider = 10;
    private const int CollectionProvider = 11;

    // CERT_STORE_READONLY_FLAG, CERT_PHYSICAL_STORE_ADD_ENABLE_FLAG.
    private const uint ReadOnly = 0x8000;
    private const uint AddEnable = 0x1;

    // CERT_FIND_EXT_ONLY_ENHKEY_USAGE_FLAG and CERT_FIND_PROP_ONLY_ENHKEY_USAGE_FLAG.
    private const uint ExtensionOnly = 0x2;
    private const uint PropertyOnly = 0x4;

    // CERT_SYSTEM_STORE_*: local machine, its enterprise and group policy, current user and group policy, services and users. The
    // most general come first.
    private static readonly uint[] Locations = [2 << 16, 9 << 16, 8 << 16, 1 << 16, 7 << 16, 5 << 16, 6 << 16];

    private delegate EncodedContext* Next(CertificateStoreHandle store, EncodedContext* previous);

    private delegate bool Free(EncodedContext* context);

    /// <inheritdoc/>
    public IEnumerable<RawStoreCertificate> ReadCertificates(string store)
        => Read(store, CryptoApi.CertEnumCertificatesInStore, CryptoApi.CertFreeCertificateContext, certificate => new RawStoreCertificate(
            certificate->Copy(),
            certificate->EncodingType,
            Usages(certificate, PropertyOnly),
            Usages(certificate, ExtensionOnly)));

    /// <inheritdoc/>
    public IEnumerable<StoreRevocationList> ReadRevocationLists(string store)
        => Read(store, CryptoApi.CertEnumCRLsInStore, CryptoApi.CertFreeCRLContext, list => new StoreRevocationList(list->Copy(), list->EncodingType));

    private delegate T Convert<T>(EncodedContext* context);

    private static List<T> Read<T>(string store, Next next, Free free, Convert<T> convert)
    {
        using CertificateStoreHandle collection = OpenCollection(store);
        var items = new List<T>();
        EncodedContext* context = null;
        try
        {
            while ((context = next(collection, context)) != null)
            {
                items.Add(convert(context));
            }
        }
        finally
        {
            // After an error, the previous context is still held.
            if (context != null)
            {
                free(context);
            }
        }

        return items;
    }

    /// <summary>Opens a collection of the stores that can be opened; fails when there is none.</summary>
    private static CertificateStoreHandle OpenCollection(string name)
    {
        CertificateStoreHandle collection = CryptoApi.CertOpenStore(CollectionProvider, 0, 0, 0, null);
        int error = Marshal.GetLastPInvokeError();
        bool any = false;
        if (!collection.IsInvalid)
        {
            foreach (uint location in Locations)
            {
                using CertificateStoreHandle part = CryptoApi.CertOpenStore(SystemProvider, 0, 0, ReadOnly | location, name);
                if (!part.IsInvalid && CryptoApi.CertAddStoreToCollection(collection, part, AddEnable, 0))
                {
                    any = true;
                }
                else
                {
                    error = Marshal.GetLastPInvokeError();
                }
            }
        }

        if (any)
        {
            return collection;
        }

        collection.Dispose();
        throw TlsError.Windows(error);
    }

    /// <summary>The usages from one source; null when it has none and the certificate may be used for everything.</summary>
    private static IReadOnlyList<string>? Usages(EncodedContext* certificate, uint place)
    {
        uint size = 0;
        if (!CryptoApi.CertGetEnhancedKeyUsage(certificate, place, null, ref size))
        {
            return NullIfNotFound();
        }

        // The buffer holds pointers, so it is allocated as an array of them for alignment.
        nint[] room = new nint[(size + sizeof(nint) - 1) / sizeof(nint)];
        fixed (nint* start = room)
        {
            var usages = (UsageList*)start;
            if (!CryptoApi.CertGetEnhancedKeyUsage(certificate, place, usages, ref size))
            {
                return NullIfNotFound();
            }

            int error = Marshal.GetLastPInvokeError();
            IReadOnlyList<string> list = usages->Copy();

            // An empty list means "no usage", unless the last error says that nothing was found.
            return list.Count == 0 && error == CryptoApi.NotFound ? null : list;
        }
    }

    private static IReadOnlyList<string>? NullIfNotFound()
    {
        int error = Marshal.GetLastPInvokeError();
        return error == CryptoApi.NotFound ? null : throw TlsError.Windows(error);
    }
}
