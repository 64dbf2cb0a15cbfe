"""Apache before a plain echo of HTTP: a POST whose body comes back."""

import os

from nginx import Nginx
from program import Running, find, said

MODULES = "/usr/lib/apache2/modules"
LOADED = ("mpm_event", "authn_core", "authz_core", "proxy", "proxy_http", "ssl", "socache_shmcb")


class Apache(Nginx):
    name = "Apache (mod_ssl, OpenSSL)"
    silent = ()
    alerts = {"certificate_required": ("certificate_required", "unknown_ca", "handshake_failure")}

    def version(self):
        program = find("apache2")
        return said(program, "-v").split("/")[1].split()[0] if program and os.path.isdir(MODULES) else None

    def lacks(self, case):
        if case.alpn:
            return "its protocols are those of HTTP modules"
        return None

    def start(self, case, port, behind):
        folder = self.new_folder()
        host = "<VirtualHost 127.0.0.1:%d>\nServerName %s\nSSLEngine on\nSSLProtocol -all +%s\nSSLCertificateFile %s\n%s" \
            "ProxyPass / http://127.0.0.1:%d/\n</VirtualHost>\n"
        settings = "SSLVerifyClient require\nSSLVerifyDepth 3\nSSLCACertificateFile %s\n" % self.material.authority if case.wants else ""
        if case.group:
            settings += "SSLOpenSSLConfCmd Curves %s\n" % case.group
        text = "ServerRoot %s\nPidFile %s/pid\nDefaultRuntimeDir %s\nErrorLog /dev/stderr\nListen 127.0.0.1:%d\nServerName localhost\n" % (
            folder, folder, folder, port)
        text += "".join("LoadModule %s_module %s/mod_%s.so\n" % (name, MODULES, name) for name in LOADED)
        text += "SSLSessionCache shmcb:%s/sessions(512000)\n" % folder
        text += "StartServers 1\nThreadsPerChild 4\nServerLimit 1\nMinSpareThreads 1\nMaxSpareThreads 4\nMaxRequestWorkers 4\n"
        if os.getuid() == 0:
            text += "User nobody\nGroup nogroup\n"
        text += host % (port, "other.example" if case.sni else "localhost", case.dotted, self.path(case.server), settings, behind)
        if case.sni:
            text += host % (port, "localhost", case.dotted, self.path("chosen"), settings, behind)
        file = os.path.join(folder, "apache.conf")
        with open(file, "w") as config:
            config.write(text)
        return Running(find("apache2"), "-X", "-f", file)
