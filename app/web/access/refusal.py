"""Error answers of middleware, for HTTP and WebSocket."""

from starlette.types import Receive, Scope, Send

from app.errors import ApiError, error_body


async def refuse(scope: Scope, receive: Receive, send: Send, error: ApiError) -> None:
    """Sends the error; for a WebSocket before it is accepted, where the server supports that."""
    prefix = "http"
    if scope["type"] == "websocket":
        await receive()
        if "websocket.http.response" not in scope.get("extensions", {}):
            await send({"type": "websocket.close", "code": 1008, "reason": error.code})
            return
        prefix = "websocket.http"
    body = error_body(error)
    answer_headers = {"content-type": "application/json", "content-length": str(len(body)), **error.headers}
    headers = [(name.encode(), value.encode()) for name, value in answer_headers.items()]
    await send({"type": f"{prefix}.response.start", "status": error.status, "headers": headers})
    await send({"type": f"{prefix}.response.body", "body": body})
