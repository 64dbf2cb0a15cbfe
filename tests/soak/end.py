"""One end of the soak, on the `ssl` of this interpreter: serves, or keeps so many connections going; answers commands with lines of JSON.

    end.py FOLDER                       where the certificates are; says {"port": ..., "version": ...}
    {"call": PORT, "workers": N, "first": NUMBER}    begins N threads that connect there, one connection after the other
    {"stop": true}                      ends them once their connections are over
    {"sample": true}                    collects garbage and says what the process holds
"""

import gc
import json
import os
import socket
import ssl
import struct
import sys
import threading

import conversation
from conversation import HEADER, LAST, AlteredData, Plan, Tally

IRONPYTHON = sys.implementation.name == "ironpython"
TIMEOUT = 60
SESSIONS = 8            # kept for later connections, per version

if IRONPYTHON:
    import clr
    from System import GC
    from System.Reflection import BindingFlags


def update_keys(connection):
    """A KeyUpdate that asks for another; Python has no call for it."""
    if IRONPYTHON and connection.version() == "TLSv1.3":
        field = clr.GetClrType(type(connection._sslobj)).GetField("_connection", BindingFlags.NonPublic | BindingFlags.Instance)
        field.GetValue(connection._sslobj).UpdateKeys(True)
        return True
    return False


class End(object):
    def __init__(self, folder):
        self.folder = folder
        self.bytes = conversation.Bytes()
        self.tally = Tally()
        self.sessions = {"TLSv1_2": [], "TLSv1_3": []}
        self.server = self.make(ssl.PROTOCOL_TLS_SERVER, "server.pem", "ca.pem")
        self.server.verify_mode = ssl.CERT_OPTIONAL
        # Before TLS 1.3 this asks in the handshake; in TLS 1.3 a client that has it is asked later.
        self.late = self.make(ssl.PROTOCOL_TLS_SERVER, "server.pem", "ca.pem")
        self.late.verify_mode, self.late.post_handshake_auth = ssl.CERT_REQUIRED, True
        self.clients = {
            (version, certificate): self.make(ssl.PROTOCOL_TLS_CLIENT, certificate, "ca.pem", version)
            for version in self.sessions for certificate in (None, "client.pem", "selfsigned.pem")}
        self.willing = self.make(ssl.PROTOCOL_TLS_CLIENT, "client.pem", "ca.pem", "TLSv1_3")
        self.willing.post_handshake_auth = True
        self.stopping = False
        self.threads = []
        self.numbers = iter(())
        self.lock = threading.Lock()
        self.open = 0

    def make(self, protocol, certificate, authorities, version=None):
        context = ssl.SSLContext(protocol)
        context.load_verify_locations(os.path.join(self.folder, authorities))
        if certificate:
            context.load_cert_chain(os.path.join(self.folder, certificate))
        if version:
            context.minimum_version = context.maximum_version = getattr(ssl.TLSVersion, version)
        return context

    # The server's side

    def listen(self):
        listeners = {}
        for name, context in (("port", self.server), ("late", self.late)):
            listener = socket.socket()
            listener.bind(("127.0.0.1", 0))
            listener.listen(256)
            listeners[name] = listener.getsockname()[1]
            start(self.accept, listener, context)
        return listeners

    def accept(self, listener, context):
        while True:
            plain, _ = listener.accept()
            start(self.serve, plain, context)

    def serve(self, plain, context):
        self.entered(1)
        connection = plain
        try:
            plain.settimeout(TIMEOUT)
            connection = context.wrap_socket(plain, server_side=True, suppress_ragged_eofs=False)
            if context is self.late and connection.version() == "TLSv1.3":
                connection.verify_client_post_handshake()
            self.answer(connection)
        # The client left in the middle or showed a wrong certificate, as some do. A timeout, or what damages records, is no such thing.
        except (ConnectionError, ssl.SSLEOFError, ssl.SSLCertVerificationError) as error:
            self.tally.count("server left by " + type(error).__name__)
        except BaseException as error:
            self.tally.count("BAD server %s: %s" % (type(error).__name__, error))
        else:
            self.tally.count("served")
        finally:
            connection.close()
            plain.close()
            self.entered(-1)

    def answer(self, connection):
        while True:
            up, down, number = HEADER.unpack(conversation.read(connection, HEADER.size))
            if up == LAST:
                # Asked for with the server's first bytes, it has come before the client's last ones.
                if connection.context is self.late and not connection.getpeercert():
                    raise AlteredData("the client's certificate did not come")
                if down:
                    connection.unwrap().close()
                return
            self.bytes.receive(connection, number, up)
            self.bytes.send(connection, number + 1, down)

    # The client's side

    def call(self, ports, workers, first):
        self.numbers = iter(range(first, 1 << 62))
        self.stopping = False
        self.threads = [start(self.work, ports) for _ in range(workers)]

    def work(self, ports):
        while not self.stopping:
            with self.lock:
                number = next(self.numbers)
            plan = Plan(number)
            try:
                self.visit(plan, ports["late" if plan.ending == "authentication" else "port"])
            except BaseException as error:
                self.tally.count("BAD client, connection %d, %s, %s: %s" % (number, plan.ending, type(error).__name__, error))

    def visit(self, plan, port):
        plain = socket.create_connection(("127.0.0.1", port), TIMEOUT)
        self.entered(1)
        try:
            if plan.ending == "cut":
                self.cut(plan, plain)
            elif plan.ending == "stranger":
                self.be_refused(plan, plain)
            else:
                self.converse(plan, plain)
        finally:
            plain.close()
            self.entered(-1)
        self.tally.count("connections", plan.ending)

    def cut(self, plan, plain):
        """A part of a ClientHello, and no more."""
        hello = ssl.MemoryBIO()
        try:
            self.clients[plan.version, None].wrap_bio(ssl.MemoryBIO(), hello, server_hostname="localhost").do_handshake()
        except ssl.SSLWantReadError:
            pass
        plain.sendall(hello.read()[:plan.cut])

    def be_refused(self, plan, plain):
        try:
            connection = self.clients[plan.version, "selfsigned.pem"].wrap_socket(plain, server_hostname="localhost", suppress_ragged_eofs=False)
            try:
                connection.sendall(HEADER.pack(0, 1, 0))
                conversation.read(connection, 1)
            finally:
                connection.close()
        except (ConnectionError, ssl.SSLError):
            return
        raise AlteredData("the server took a certificate of another authority")

    def converse(self, plan, plain):
        late = plan.ending == "authentication"
        context = self.willing if late else self.clients[plan.version, "client.pem" if plan.certificate else None]
        kept = self.sessions[plan.version]
        session = None
        if plan.resumes and not late and not plan.certificate:
            with self.lock:
                session = kept.pop() if kept else None
        connection = context.wrap_socket(plain, server_hostname="localhost", session=session, suppress_ragged_eofs=False)
        try:
            if connection.session_reused:
                self.tally.count("resumed")
            self.talk(plan, connection)
            if not late and not plan.certificate:
                with self.lock:
                    if connection.session is not None and len(kept) < SESSIONS:
                        kept.append(connection.session)
            self.leave(plan, connection)
        finally:
            connection.close()

    def talk(self, plan, connection):
        for (up, down, number), updates in zip(plan.turns, plan.updates):
            connection.sendall(HEADER.pack(up, down, number))
            if updates and update_keys(connection):
                self.tally.count("keys updated")
            self.bytes.send(connection, number, up)
            if plan.ending == "reset":
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return
            self.bytes.receive(connection, number + 1, down)

    def leave(self, plan, connection):
        if plan.ending != "reset":
            connection.sendall(HEADER.pack(LAST, plan.ending == "unwrap", 0))
            if plan.ending == "unwrap":
                connection.unwrap().close()

    # What the process holds

    def entered(self, count):
        with self.lock:
            self.open += count

    def sample(self):
        for _ in range(3):
            gc.collect()
        state = {"open": self.open, "counts": self.tally.snapshot()}
        if IRONPYTHON:
            GC.Collect()
            GC.WaitForPendingFinalizers()
            state["heap"] = int(GC.GetTotalMemory(True))
        state["descriptors"] = len(os.listdir("/proc/self/fd"))
        with open("/proc/self/status") as file:
            fields = dict(line.split(":", 1) for line in file)
        state["rss"] = int(fields["VmRSS"].split()[0]) * 1024
        state["threads"] = int(fields["Threads"])
        return state

    def run(self, commands):
        for line in commands:
            command = json.loads(line)
            if "call" in command:
                self.call(command["call"], command["workers"], command["first"])
                tell({"begun": True})
            elif "stop" in command:
                self.stopping = True
                for thread in self.threads:
                    thread.join()
                tell({"stopped": True})
            else:
                tell(self.sample())


def start(call, *arguments):
    thread = threading.Thread(target=call, args=arguments)
    thread.daemon = True
    thread.start()
    return thread


def tell(answer):
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    threading.stack_size(1 << 20 if IRONPYTHON else 256 << 10)
    end = End(sys.argv[1])
    tell(dict(end.listen(), version=ssl.OPENSSL_VERSION))
    end.run(iter(sys.stdin.readline, ""))
