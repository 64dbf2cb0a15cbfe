import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * The other end of a connection, spoken by Java. It takes the name of a file of trusted certificates, then a command a line:
 *
 *   serve VERSION CERTIFICATE|- WANTS_CERTIFICATE       answers "port N", echoes one connection, answers "done VERSION" or "failed WHY"
 *   connect PORT VERSION CERTIFICATE|- COUNT            sends COUNT bytes, wants them back, answers the same
 */
public final class Peer {
    private static final int PATIENCE = 30_000;
    private final Path trusted;

    private Peer(Path trusted) {
        this.trusted = trusted;
    }

    public static void main(String[] arguments) throws Exception {
        Peer peer = new Peer(Path.of(arguments[0]));
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println("ready " + System.getProperty("java.version"));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            String[] words = line.split(" ");
            try {
                String version = words[0].equals("serve")
                    ? peer.serve(words[1], words[2], words[3].equals("1"))
                    : peer.connect(Integer.parseInt(words[1]), words[2], words[3], Integer.parseInt(words[4]));
                System.out.println("done " + version);
            } catch (Exception problem) {
                System.out.println("failed " + problem.toString().replace('\n', ' '));
            }
        }
    }

    private String serve(String version, String certificate, boolean wantsCertificate) throws Exception {
        try (SSLServerSocket listener = (SSLServerSocket) context(certificate).getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            listener.setEnabledProtocols(new String[] {version});
            listener.setNeedClientAuth(wantsCertificate);
            listener.setSoTimeout(PATIENCE);
            System.out.println("port " + listener.getLocalPort());
            try (SSLSocket connection = (SSLSocket) listener.accept()) {
                connection.setSoTimeout(PATIENCE);
                InputStream in = connection.getInputStream();
                OutputStream out = connection.getOutputStream();
                byte[] buffer = new byte[65536];
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    out.write(buffer, 0, count);
                    out.flush();
                }
                return connection.getSession().getProtocol();
            }
        }
    }

    private String connect(int port, String version, String certificate, int count) throws Exception {
        try (SSLSocket connection = (SSLSocket) context(certificate).getSocketFactory().createSocket("localhost", port)) {
            connection.setSoTimeout(PATIENCE);
            connection.setEnabledProtocols(new String[] {version});
            SSLParameters parameters = connection.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            connection.setSSLParameters(parameters);
            connection.startHandshake();
            byte[] sent = new byte[count];
            for (int index = 0; index < count; index++) {
                sent[index] = (byte) (index * 31 + (index >> 8));
            }
            connection.getOutputStream().write(sent);
            byte[] received = connection.getInputStream().readNBytes(count);
            if (!java.util.Arrays.equals(sent, received)) {
                throw new IllegalStateException("other bytes came back");
            }
            return connection.getSession().getProtocol();
        }
    }

    private SSLContext context(String certificate) throws Exception {
        KeyStore trust = KeyStore.getInstance(KeyStore.getDefaultType());
        trust.load(null, null);
        int number = 0;
        for (Certificate one : certificates(trusted)) {
            trust.setCertificateEntry("trusted" + number++, one);
        }
        TrustManagerFactory trusts = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusts.init(trust);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        KeyStore own = KeyStore.getInstance(KeyStore.getDefaultType());
        own.load(null, null);
        if (!certificate.equals("-")) {
            Path file = Path.of(certificate);
            own.setKeyEntry("own", key(file), new char[0], certificates(file).toArray(new Certificate[0]));
        }
        keys.init(own, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trusts.getTrustManagers(), null);
        return context;
    }

    private static List<Certificate> certificates(Path file) throws Exception {
        List<Certificate> found = new ArrayList<>();
        for (byte[] der : blocks(file, "CERTIFICATE")) {
            found.add(CertificateFactory.getInstance("X.509").generateCertificate(new java.io.ByteArrayInputStream(der)));
        }
        return found;
    }

    private static PrivateKey key(Path file) throws Exception {
        PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(blocks(file, "PRIVATE KEY").get(0));
        try {
            return KeyFactory.getInstance("RSA").generatePrivate(encoded);
        } catch (java.security.spec.InvalidKeySpecException notRsa) {
            return KeyFactory.getInstance("EC").generatePrivate(encoded);
        }
    }

    private static List<byte[]> blocks(Path file, String label) throws Exception {
        List<byte[]> found = new ArrayList<>();
        String text = Files.readString(file);
        String begin = "-----BEGIN " + label + "-----";
        for (int at = text.indexOf(begin); at >= 0; at = text.indexOf(begin, at + 1)) {
            int end = text.indexOf("-----END", at);
            found.add(Base64.getMimeDecoder().decode(text.substring(at + begin.length(), end)));
        }
        return found;
    }
}
