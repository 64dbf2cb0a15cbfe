"""Applications that the servers of others serve: `application` for WSGI, `asynchronous` for ASGI. The path ends in a length."""

from servers import BODY


def application(environment, start):
    if environment["REQUEST_METHOD"] == "POST":
        body = environment["wsgi.input"].read(int(environment["CONTENT_LENGTH"]))
    else:
        body = BODY[:int(environment["PATH_INFO"].rpartition("/")[2])]
    start("200 OK", [("Content-Length", str(len(body)))])
    return [body]


async def asynchronous(scope, receive, send):
    if scope["type"] != "http":
        return
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    if scope["method"] == "GET":
        body = BODY[:int(scope["path"].rpartition("/")[2])]
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", str(len(body)).encode())]})
    await send({"type": "http.response.body", "body": body})
