using System.Runtime.InteropServices;

namespace SslModule.Engine.Tests.Fuzz.Differential;

/// <summary>OpenSSL's chain verification, called in the machine's libcrypto 3.</summary>
internal static unsafe class LibCrypto
{
    private const string Name = "libcrypto.so.3";

    private static readonly Lazy<bool> Loaded = new(() => NativeLibrary.TryLoad(Name, out _));

    /// <summary>Whether the machine has the library.</summary>
    public static bool IsThere => Loaded.Value;

    /// <summary>Verifies a chain as libssl does.</summary>
    /// <param name="leaf">The peer's certificate.</param>
    /// <param name="sent">What the peer sent besides.</param>
    /// <param name="trusted">The trust anchors.</param>
    /// <param name="wanted">What is demanded.</param>
    /// <returns>X509_V_ERR of the first fault, 0 without one; null where a certificate cannot be read at all.</returns>
    public static int? Verify(byte[] leaf, IReadOnlyList<byte[]> sent, IReadOnlyList<byte[]> trusted, Demand wanted)
    {
        nint store = X509_STORE_new(), context = X509_STORE_CTX_new(), others = OPENSSL_sk_new_null(), first = 0;
        var owned = new List<nint>();
        try
        {
            first = Parse(leaf, owned);
            foreach (byte[] one in sent)
            {
                nint certificate = Parse(one, owned);
                if (certificate == 0)
                {
                    return null;
                }

                Check(OPENSSL_sk_push(others, certificate));
            }

            if (first == 0)
            {
                return null;
            }

            foreach (byte[] anchor in trusted)
            {
                Check(X509_STORE_add_cert(store, Parse(anchor, owned)));
            }

            Check(X509_STORE_CTX_init(context, store, first, others));
            fixed (byte* server = "ssl_server\0"u8)
            fixed (byte* client = "ssl_client\0"u8)
            {
                Check(X509_STORE_CTX_set_default(context, wanted.OfServer ? server : client));
            }

            nint parameters = X509_STORE_CTX_get0_param(context);
            X509_VERIFY_PARAM_set_time(parameters, wanted.Time.ToUnixTimeSeconds());
            Check(X509_VERIFY_PARAM_set_flags(parameters, (nuint)(uint)wanted.Flags));
            X509_VERIFY_PARAM_set_auth_level(parameters, wanted.SecurityLevel);
            X509_VERIFY_PARAM_set_hostflags(parameters, wanted.HostFlags);
            if (wanted.HostName is { } host)
            {
                byte[] name = System.Text.Encoding.Latin1.GetBytes(host);
                fixed (byte* start = name)
                {
                    Check(X509_VERIFY_PARAM_set1_host(parameters, start, (nuint)name.Length));
                }
            }

            return X509_verify_cert(context) == 1 ? 0 : X509_STORE_CTX_get_error(context);
        }
        finally
        {
            X509_STORE_CTX_free(context);
            X509_STORE_free(store);
            OPENSSL_sk_free(others);
            owned.ForEach(X509_free);
            ERR_clear_error();
        }
    }

    private static nint Parse(byte[] der, List<nint> owned)
    {
        fixed (byte* start = der)
        {
            byte* at = start;
            nint certificate = d2i_X509(0, &at, der.Length);
            if (certificate != 0)
            {
                owned.Add(certificate);
            }

            // What stands behind a certificate is a mistake of the message that brings it.
            return at == start + der.Length ? certificate : 0;
        }
    }

    private static void Check(int result)
    {
        if (result <= 0)
        {
            throw new InvalidOperationException("libcrypto refused a call");
        }
    }

    [DllImport(Name)]
    private static extern nint d2i_X509(nint reuse, byte** at, nint length);

    [DllImport(Name)]
    private static extern void X509_free(nint certificate);

    [DllImport(Name)]
    private static extern nint X509_STORE_new();

    [DllImport(Name)]
    private static extern int X509_STORE_add_cert(nint store, nint certificate);

    [DllImport(Name)]
    private static extern void X509_STORE_free(nint store);

    [DllImport(Name)]
    private static extern nint X509_STORE_CTX_new();

    [DllImport(Name)]
    private static extern int X509_STORE_CTX_init(nint context, nint store, nint leaf, nint others);

    [DllImport(Name)]
    private static extern int X509_STORE_CTX_set_default(nint context, byte* name);

    [DllImport(Name)]
    private static extern nint X509_STORE_CTX_get0_param(nint context);

    [DllImport(Name)]
    private static extern int X509_STORE_CTX_get_error(nint context);

    [DllImport(Name)]
    private static extern void X509_STORE_CTX_free(nint context);

    [DllImport(Name)]
    private static extern int X509_verify_cert(nint context);

    [DllImport(Name)]
    private static extern void X509_VERIFY_PARAM_set_time(nint parameters, long seconds);

    [DllImport(Name)]
    private static extern int X509_VERIFY_PARAM_set_flags(nint parameters, nuint flags);

    [DllImport(Name)]
    private static extern void X509_VERIFY_PARAM_set_auth_level(nint parameters, int level);

    [DllImport(Name)]
    private static extern void X509_VERIFY_PARAM_set_hostflags(nint parameters, uint flags);

    [DllImport(Name)]
    private static extern int X509_VERIFY_PARAM_set1_host(nint parameters, byte* name, nuint length);

    [DllImport(Name)]
    private static extern nint OPENSSL_sk_new_null();

    [DllImport(Name)]
    private static extern int OPENSSL_sk_push(nint stack, nint item);

    [DllImport(Name)]
    private static extern void OPENSSL_sk_free(nint stack);

    [DllImport(Name)]
    private static extern void ERR_clear_error();
}
