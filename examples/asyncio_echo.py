"""An echo server and its clients in one event loop.

    asyncio_echo.py CERTFILE CAFILE [CLIENTS]

CERTFILE holds the certificate of localhost and its key, CAFILE the authorities that the clients trust.
"""

import asyncio
import ssl
import sys


async def echo(reader, writer):
    while line := await reader.readline():
        writer.write(line)
        await writer.drain()
    writer.close()


async def client(number, port, context):
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname="localhost")
    writer.write(b"hello from %d\n" % number)
    answer = await reader.readline()
    version = writer.get_extra_info("ssl_object").version()
    writer.close()
    await writer.wait_closed()
    return "%s, by %s" % (answer.decode().strip(), version)


async def main(certfile, cafile, clients="3"):
    serving = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    serving.load_cert_chain(certfile)
    trusting = ssl.create_default_context(cafile=cafile)
    server = await asyncio.start_server(echo, "127.0.0.1", 0, ssl=serving)
    port = server.sockets[0].getsockname()[1]
    for answer in await asyncio.gather(*(client(number, port, trusting) for number in range(int(clients)))):
        print(answer)
    server.close()


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    asyncio.run(main(*sys.argv[1:]))
