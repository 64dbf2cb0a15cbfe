"""The server of many connections with asyncio's streams: newer grammar than IronPython's."""

import asyncio

from orders import ORDER, own_cost

TURNS = 4


def serve(made, listener, block):
    asyncio.run(forever(made, listener, block))


async def forever(made, listener, block):
    async def answer(reader, writer):
        try:
            order = (await reader.readexactly(ORDER)).split()
            if order == [b"idle"]:
                writer.write(b"1")
                await reader.read(1)
            elif order == [b"stream"]:
                # drain() waits only where too much waits already; a loop that never comes round would never hear that the
                # client is gone.
                while True:
                    for _ in range(TURNS):
                        writer.write(block)
                        await writer.drain()
                    await asyncio.sleep(0)
            else:
                writer.write(own_cost())
                await writer.drain()
        except (asyncio.IncompleteReadError, OSError):
            pass    # the client has measured enough and is gone
        writer.close()

    server = await asyncio.start_server(answer, sock=listener, ssl=made)
    async with server:
        await server.serve_forever()
