"""A visitor without a browser: one session of the app over its websocket, spoken as Streamlit's own front end speaks.

It keeps the query that the app puts into the address and the hashes of large messages it was sent, as the front end
does, so that the server does the same work for it as for a person.
"""

import time
from dataclasses import dataclass, field

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

LARGEST_MESSAGE_BYTES = 200_000_000
KEPT_RUNS = 2  # scripts' runs for which the front end remembers a large message (global.maxCachedMessageAge)


@dataclass(frozen=True)
class Widget:
    """What is needed to send a number: the widget's id and the fragment that it stands in."""

    id: str
    fragment: str


@dataclass
class Session:
    """One visitor: the numbers that the page asks for, what was typed, and every exception that it was shown."""

    socket: websockets.ClientConnection
    widgets: dict[str, Widget] = field(default_factory=dict)  # by the last part of their ids, the key
    typed: dict[str, float] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    received_bytes: int = 0
    _query: str = ""
    _script: str = ""
    _known: dict[str, int] = field(default_factory=dict)  # hash of a large message: the run that brought it last
    _runs: int = 0

    async def visit(self, page: str, query: str = "") -> float:
        """Opens a page, "plan" of "/plan?s=..."; seconds until the script has ended."""
        self._query = query
        message = BackMsg()
        message.rerun_script.page_name = page
        message.rerun_script.query_string = query
        return await self._run(message)

    async def edit(self, key: str, value: float) -> float:
        """Types a number into the input with this key; seconds until the script has ended."""
        widget = self.widgets[key]
        self.typed[widget.id] = value
        message = BackMsg()
        message.rerun_script.page_script_hash = self._script
        message.rerun_script.query_string = self._query
        message.rerun_script.fragment_id = widget.fragment
        for name, number in self.typed.items():
            state = message.rerun_script.widget_states.widgets.add()
            state.id, state.double_value = name, number
        return await self._run(message)

    async def _run(self, message: BackMsg) -> float:
        self._runs += 1
        self._known = {one: run for one, run in self._known.items() if run >= self._runs - KEPT_RUNS}
        message.rerun_script.cached_message_hashes.extend(self._known)
        message.rerun_script.context_info.locale = "en-US"
        message.rerun_script.context_info.timezone = "UTC"
        start = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        while not self._take(await self.socket.recv()):
            pass
        return time.perf_counter() - start

    def _take(self, data: bytes | str) -> bool:
        """Reads one message; whether it says that the script has ended."""
        assert isinstance(data, bytes)
        self.received_bytes += len(data)
        message = ForwardMsg.FromString(data)
        kind = message.WhichOneof("type")
        if message.metadata.cacheable or kind == "ref_hash":
            self._known[message.ref_hash or message.hash] = self._runs
        if kind == "navigation":
            self._script = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._element(message.delta.new_element, message.delta.fragment_id)
        elif kind == "script_finished":
            # "finished early for rerun": another run of the same script follows at once
            if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                self.faults.append("compile error")
            return message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
        return False

    def _element(self, element: Element, fragment: str) -> None:
        kind = element.WhichOneof("type")
        if kind == "number_input":
            found = element.number_input.id
            self.widgets[_key(found)] = Widget(found, fragment)
        elif kind == "exception":
            self.faults.append(element.exception.message)


def _key(widget_id: str) -> str:
    """ "lever-runs-1-mfu" of "$$ID-0123abcd-lever-runs-1-mfu"."""
    return widget_id.split("-", 2)[2]


async def opened(address: str) -> Session:
    """A new session that has not opened a page yet; `address` is "http://127.0.0.1:8501"."""
    socket = await websockets.connect(
        f"ws{address.removeprefix('http')}/_stcore/stream",
        subprotocols=[websockets.Subprotocol("streamlit")],
        max_size=LARGEST_MESSAGE_BYTES,
        open_timeout=60,
    )
    return Session(socket)
