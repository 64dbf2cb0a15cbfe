"""nginx before a plain echo of HTTP: a POST whose body comes back."""

import contextlib
import os

from peer import Peer
from program import Running, find, said
from plainhttp import Backend


class Nginx(Peer):
    name = "nginx (OpenSSL)"
    roles = ("client",)
    client_mode = "http"
    silent = ("client",)

    def version(self):
        return said(find("nginx"), "-v").strip().rpartition("/")[2] if find("nginx") else None

    def lacks(self, case):
        if case.refusal and case.refusal[0] == "peer" and case.wants:
            return "it shakes hands with everybody, and answers by HTTP"
        return None

    @contextlib.contextmanager
    def serve(self, case):
        with Backend() as backend:
            with self.listening(lambda port: self.start(case, port, backend.port)) as running:
                yield running

    def start(self, case, port, behind):
        folder = self.new_folder()
        settings = "ssl_protocols %s; ssl_session_cache builtin; " % case.dotted
        if case.wants:
            settings += "ssl_verify_client on; ssl_client_certificate %s; " % self.material.authority
        if case.group:
            settings += "ssl_ecdh_curve %s; " % case.group
        server = "server { listen 127.0.0.1:%d ssl; server_name %s; ssl_certificate %s; ssl_certificate_key %s; %s " \
            "location / { proxy_pass http://127.0.0.1:%d; } }\n"
        text = server % (port, "other.example" if case.sni else "localhost", self.path(case.server), self.path(case.server), settings, behind)
        if case.sni:
            text += server % (port, "localhost", self.path("chosen"), self.path("chosen"), settings, behind)
        paths = "".join("%s_temp_path %s/%s;\n" % (name, folder, name) for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        file = os.path.join(folder, "nginx.conf")
        with open(file, "w") as config:
            config.write("daemon off; master_process off; pid %s/pid; error_log stderr;\nevents { }\nhttp { access_log off; "
                         "client_max_body_size 4m;\n%s%s}\n" % (folder, paths, text))
        return Running(find("nginx"), "-p", folder, "-e", "stderr", "-c", file)
