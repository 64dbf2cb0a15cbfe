"""curl: a POST whose body comes back."""

import os

from peer import Outcome, Peer, contents, lines
from program import PATIENCE, Running, find, said

VERSION = {"TLSv1_2": "1.2", "TLSv1_3": "1.3"}


class Curl(Peer):
    name = "curl"
    roles = ("server",)
    alerts = {"bad_certificate": ("closed",)}       # the name is looked at when hands were shaken
    server_mode = "serve_http"

    def version(self):
        return " ".join(said("curl", "--version").split()[1:5:3]) if find("curl") else None

    def lacks(self, case):
        if case.alpn:
            return "it offers h2 and http/1.1 alone"
        if case.resume:
            return "a session lives as long as its process, which keeps the connection"
        return None

    def connect(self, case, port):
        folder = self.new_folder()
        body, got = (os.path.join(folder, name) for name in ("body", "got"))
        with open(body, "wb") as file:
            file.write(lines(case.size))
        command = ["curl", "--silent", "--show-error", "--max-time", str(PATIENCE), "--cacert", self.material.authority, "--header", "Expect:",
                   "--data-binary", "@" + body, "--tlsv" + VERSION[case.version], "--tls-max", VERSION[case.version], "--output", got,
                   "--resolve", "localhost:%d:127.0.0.1" % port, "--noproxy", "*", "https://localhost:%d/" % port]
        if case.client:
            command += ["--cert", self.path(case.client)]
        if case.group:
            command += ["--curves", case.group]
        with Running(*command) as running:
            running.wait()
            return Outcome(running.process.returncode == 0 and contents(got) == contents(body), running.text()[-300:])
