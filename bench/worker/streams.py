"""asyncio's streams, in a grammar newer than IronPython's."""

import asyncio
import time


def echoes(place, size, seconds):
    """Echoes per second, both ends in one loop."""
    return asyncio.run(measure(place.context(True), place.context(), size, seconds))


async def measure(server_context, client_context, size, seconds):
    async def serve(reader, writer):
        try:
            while True:
                writer.write(await reader.readexactly(size))
                await writer.drain()
        except (asyncio.IncompleteReadError, OSError):
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=server_context)
    port = server.sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=client_context, server_hostname="localhost")
    block = b"x" * size
    count = 0
    cpu, started = time.process_time(), time.perf_counter()
    end = started + seconds
    while time.perf_counter() < end:
        writer.write(block)
        await reader.readexactly(size)
        count += 1
    elapsed, cpu = time.perf_counter() - started, time.process_time() - cpu
    writer.close()
    server.close()
    await asyncio.sleep(0)
    return {"value": count / elapsed, "cpu": cpu / count}
